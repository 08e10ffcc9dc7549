using System.CommandLine;
using Doorward.Cases;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary><c>doorward policy check FILE...</c>: every problem with its place.</summary>
internal static class PolicyCheck
{
    public static Command Create()
    {
        var files = Arguments.Files("Policies, or case files that hold some.");
        var json = Arguments.Json();
        var command = new Command("check", "Tell every problem of policies, with its place and cure.") { files, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string[] files, bool json, TextWriter output)
    {
        var problems = new List<Problem>();
        var read = files.Select(file => new { File = file, CaseFiles.Read(file, problems)?.Policy?.Digest }).ToList();
        if (json)
        {
            Output.WriteJson(output, new { Files = read, Problems = problems.Select(Output.Of) });
        }
        else
        {
            foreach (var problem in problems) output.WriteLine(problem);
            output.WriteLine(Output.Summary(problems));
        }

        return Output.ExitCodeOf(problems);
    }
}
