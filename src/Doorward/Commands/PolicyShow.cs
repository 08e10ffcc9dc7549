using System.CommandLine;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Policy.Syntax;
using Doorward.Server.Routes;

namespace Doorward.Commands;

/// <summary><c>doorward policy show --route R</c>: everything that bears on a route, and where each rule comes from.</summary>
internal static class PolicyShow
{
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration.", HelpName = "FILE", DefaultValueFactory = _ => "doorward.yaml" };
        var route = new Option<string>("--route") { Description = "The route.", HelpName = "NAME", Required = true };
        var json = Arguments.Json();
        var command = new Command("show", "Show the effective policy of a route, with the origin of each rule.") { config, route, json };
        command.SetAction(parsed =>
        {
            var problems = new List<Problem>();
            var found = Routes.Find(parsed.GetValue(config)!, parsed.GetValue(route), problems);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) WriteJson(output, found, problems);
            else WriteLines(output, found, problems);
            return Output.ExitCodeOf(problems);
        });
        return command;
    }

    private static void WriteLines(TextWriter output, Route? route, List<Problem> problems)
    {
        foreach (var problem in problems) output.WriteLine(problem);
        if (route is null) return;
        output.WriteLine($"{route.Name} ({(route.Guarded ? "guarded" : "public")}), digest {route.Policy.Digest}");
        output.WriteLine($"reads: {string.Join(", ", ReadsOf(route))}");
        foreach (var rule in route.Policy.Rules) output.WriteLine($"{rule.Origin} at {rule.Place}: {TextOf(rule)}");
        if (route.Policy.Rules.Count == 0) output.WriteLine("It has no rules: nobody can pass.");
    }

    private static void WriteJson(TextWriter output, Route? route, List<Problem> problems) => Output.WriteJson(output, new
    {
        Route = route is null ? null : new
        {
            route.Name,
            route.Guarded,
            route.Policy.Digest,
            Reads = ReadsOf(route),
            Rules = route.Policy.Rules.Select(rule => new { rule.Origin, rule.Place.Source, rule.Place.Line, rule.Place.Column, Rule = JsonDocument.Parse(TextOf(rule)).RootElement }),
        },
        Problems = problems.Select(Output.Of),
    });

    // A policy is a list of rules: the brackets around this one go.
    private static string TextOf(EffectiveRule rule) =>
        CanonicalText.Print(new PolicySyntax([rule.Syntax], rule.Place))[1..^1];

    private static IEnumerable<string> ReadsOf(Route route) =>
        Enum.GetValues<FactKinds>().Where(kind => kind != FactKinds.None && route.Policy.Reads.HasFlag(kind)).Select(kind => kind.ToString().ToLowerInvariant());
}
