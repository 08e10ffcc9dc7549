using System.CommandLine;
using Doorward.Cases;
using Doorward.Policy;
using Doorward.Server.Console;
using Doorward.Server.Routes;

namespace Doorward.Commands;

/// <summary><c>doorward policy explain</c>: the explanation that the denial page and the console show, for facts in a file.</summary>
internal static class PolicyExplain
{
    private static readonly Place _commandLine = new("command line", 0, 0);

    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "A policy, or a case file.", Arity = ArgumentArity.ZeroOrOne };
        var config = new Option<string?>("--config") { Description = "A configuration, instead of FILE; with --route.", HelpName = "FILE" };
        var route = new Option<string?>("--route") { Description = "The route whose policy is explained.", HelpName = "NAME" };
        var facts = new Option<string?>("--facts") { Description = "The facts, as in a case file.", HelpName = "FILE" };
        var which = new Option<string?>("--case") { Description = "Only the case of this name.", HelpName = "NAME" };
        var json = Arguments.Json();
        var person = new PersonOptions();
        var command = new Command("explain", "Tell why a policy answers as it does, criterion by criterion.") { file, config, route, facts, which, json };
        foreach (var option in person.All) command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var problems = new List<Problem>();
            if (person.IsGiven(parsed)) return await person.ExplainAsync(parsed, parsed.GetValue(route), parsed.GetValue(config), parsed.GetValue(json), cancellation);
            var explained = (parsed.GetValue(file), parsed.GetValue(config)) switch
            {
                ({ } path, null) => OfFile(path, parsed.GetValue(facts), parsed.GetValue(which), problems),
                (null, { } path) => OfRoute(path, parsed.GetValue(route), parsed.GetValue(facts), problems),
                _ => Wrong(problems, "There is no policy to explain.", "Name a FILE, or --config FILE with --route NAME."),
            };
            return Write(explained, problems, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static IReadOnlyList<Explained> OfFile(string path, string? facts, string? which, List<Problem> problems)
    {
        if (CaseFiles.Read(path, problems) is not { Policy: { } policy } file) return [];
        if (facts is not null) return ReadFacts(facts, problems) is { } known ? [new(facts, policy.Explain(known))] : [];
        var cases = file.Cases.Where(one => which is null || one.Name == which).ToList();
        return cases.Count > 0
            ? [.. cases.Select(one => new Explained(one.Name, policy.Explain(one.Facts)))]
            : Wrong(problems, which is null ? "There are no facts to explain." : $"There is no case «{which}» in {path}.", "Name a file of facts with --facts, or a case of the file with --case.");
    }

    private static IReadOnlyList<Explained> OfRoute(string path, string? route, string? facts, List<Problem> problems)
    {
        if (Routes.Find(path, route, problems) is not { } found) return [];
        if (facts is null) return Wrong(problems, "There are no facts to explain.", "Name a file of facts with --facts.");
        return ReadFacts(facts, problems) is { } known ? [new(found.Name, found.Policy.Explain(known))] : [];
    }

    private static Facts? ReadFacts(string path, List<Problem> problems)
    {
        if (DocumentFile.ReadText(path, problems) is not { } text) return null;
        var before = problems.Count;
        var facts = FactsReader.Read(DocumentText.Read(text, path, problems), problems);
        return problems.Count == before ? facts : null;
    }

    private static IReadOnlyList<Explained> Wrong(List<Problem> problems, string message, string cure)
    {
        problems.Add(new("DW7001", Severity.Error, message, cure, _commandLine));
        return [];
    }

    private static int Write(IReadOnlyList<Explained> explained, List<Problem> problems, bool json, TextWriter output)
    {
        if (json)
        {
            Output.WriteJson(output, new { Explanations = explained.Select(one => new { one.Name, Explanation = ExplanationJson.Of(one.Explanation) }), Problems = problems.Select(Output.Of) });
        }
        else
        {
            foreach (var problem in problems) output.WriteLine(problem);
            foreach (var one in explained)
            {
                output.WriteLine($"{one.Name}:");
                output.Write(ExplanationText.Render(one.Explanation));
            }
        }

        return Output.ExitCodeOf(problems);
    }

    private sealed record Explained(string Name, Explanation Explanation);
}
