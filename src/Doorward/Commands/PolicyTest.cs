using System.CommandLine;
using Doorward.Cases;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary><c>doorward policy test FILE...</c>: the cases beside a policy.</summary>
internal static class PolicyTest
{
    public static Command Create()
    {
        var files = Arguments.Files("Case files.");
        var json = Arguments.Json();
        var command = new Command("test", "Run the cases that stand beside policies.") { files, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(files), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(string[] files, bool json, TextWriter output)
    {
        var problems = new List<Problem>();
        var results = files.SelectMany(file => Judge(CaseFiles.Read(file, problems))).ToList();
        if (json) WriteJson(output, results, problems);
        else WriteLines(output, results, problems);
        return Output.ExitCodeOf(problems) is not ExitCodes.Done and var code ? code
            : results.TrueForAll(result => result.Passed) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static IEnumerable<CaseResult> Judge(CaseFile? file) =>
        file?.Policy is { } policy ? file.Cases.Select(one => CaseResult.Of(one, policy)) : [];

    private static void WriteLines(TextWriter output, List<CaseResult> results, List<Problem> problems)
    {
        foreach (var problem in problems) output.WriteLine(problem);
        foreach (var result in results.Where(result => !result.Passed))
            output.WriteLine($"{result.Case.Place}: failed: {result.Case.Name}: {string.Join("; ", result.Differences)}");
        var passed = results.Count(result => result.Passed);
        output.WriteLine($"{passed} passed, {results.Count - passed} failed");
    }

    private static void WriteJson(TextWriter output, List<CaseResult> results, List<Problem> problems)
    {
        var passed = results.Count(result => result.Passed);
        Output.WriteJson(output, new
        {
            Cases = results.Select(result => result.ToJson()),
            Passed = passed,
            Failed = results.Count - passed,
            Problems = problems.Select(Output.Of),
        });
    }
}
