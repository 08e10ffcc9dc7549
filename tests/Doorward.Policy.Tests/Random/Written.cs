using CsCheck;
using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random documents as parsed policies.</summary>
internal static class Written
{
    public static (IReadOnlyList<ParsedPolicy> Policies, IReadOnlyList<ParsedPolicy> Guardrails) Parse(PolicyGen.Composition written)
    {
        var line = 0;
        return ([.. written.Policies.Select((node, index) => Parse($"policy-{index}", Placed(node, ref line)))],
            [.. written.Guardrails.Select((node, index) => Parse($"guardrail-{index}", Placed(node, ref line)))]);
    }

    /// <summary>Every node and key on a line of its own, so that places tell them apart.</summary>
    private static Node Placed(Node node, ref int line)
    {
        var place = new Place("random", ++line, 1);
        switch (node)
        {
            case SequenceNode list:
                var items = new List<Node>();
                foreach (var item in list.Items) items.Add(Placed(item, ref line));
                return new SequenceNode(items, place);
            case MappingNode map:
                var entries = new List<MappingEntry>();
                foreach (var entry in map.Entries) entries.Add(new(entry.Key, new("random", ++line, 1), Placed(entry.Value, ref line)));
                return new MappingNode(entries, place);
            default:
                return node with { Place = place };
        }
    }

    /// <summary>Parses what has no errors: the generator's fault otherwise.</summary>
    public static ParsedPolicy Parse(string name, Node node)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse(name, node, TimeZoneInfo.FindSystemTimeZoneById, problems);
        Assert.True(parsed is not null, string.Join('\n', problems.Where(problem => problem.Severity == Severity.Error)) + "\n" + Doc.Print(node));
        return parsed;
    }

    public static bool IsSound(PolicyGen.Composition written) =>
        written.Policies.Concat(written.Guardrails).All(node => ParsedPolicy.Parse("one", node, TimeZoneInfo.FindSystemTimeZoneById, []) is not null);

    public static EffectivePolicy Compile(PolicyGen.Composition written)
    {
        var (policies, guardrails) = Parse(written);
        return EffectivePolicy.Compile(policies, guardrails);
    }

    public static IReadOnlyList<PolicySyntax> Syntax(IReadOnlyList<ParsedPolicy> parsed) => [.. parsed.Select(policy => policy.Syntax)];
}
