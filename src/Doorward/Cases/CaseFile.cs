using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes;

namespace Doorward.Cases;

/// <summary>A policy with its cases, or a policy alone.</summary>
/// <param name="Source">The file's name.</param>
/// <param name="Policy">The policy; null where any problem of it is an error.</param>
/// <param name="Cases">The cases; none in a file that holds a policy alone.</param>
internal sealed record CaseFile(string Source, EffectivePolicy? Policy, IReadOnlyList<Case> Cases)
{
    private delegate ParsedPolicy? Parser(string name, Node node, Func<string, TimeZoneInfo?> zones, ICollection<Problem> problems);

    private static readonly string[] _keys = ["policy", "policies", "guardrails", "facts", "cases"];

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">A policy as it stands in a route, or a mapping of policy, policies, guardrails and cases.</param>
    /// <param name="source">The file's name.</param>
    /// <param name="problems">Gains every problem found.</param>
    /// <returns>What was read.</returns>
    public static CaseFile Read(string text, string source, ICollection<Problem> problems)
    {
        var found = new List<Problem>();
        var node = DocumentText.Read(text, source, found);
        var file = node is MappingNode mapping && mapping.Entries.Any(entry => _keys.Contains(entry.Key))
            ? Fields.Read(node, "a case file", found, fields => ReadFile(fields, text, source, found))
            : ReadPolicy(node, source, found);
        // What is wrong in the facts that all cases share is told once.
        foreach (var problem in found.Distinct()) problems.Add(problem);
        return found.Any(problem => problem.Severity == Severity.Error) ? file! with { Policy = null } : file!;
    }

    private static CaseFile ReadPolicy(Node? node, string source, List<Problem> problems)
    {
        if (node is null && problems.Count == 0)
            problems.Add(new("DW7103", Severity.Error, "There is no policy here.", "Write one, such as allow: { and: [ { domain: example.com } ] }.", new(source, 1, 1)));
        return new(source, node is null ? null : Compile([ParsedPolicy.Parse(source, node, TimeZones.Find, problems)], []), []);
    }

    private static CaseFile ReadFile(Fields fields, string text, string source, List<Problem> problems)
    {
        var policies = new List<ParsedPolicy?>();
        if (fields.Take("policy") is { } policy) policies.Add(ParseEmbedded("policy", policy, text, ParsedPolicy.Parse, problems));
        policies.AddRange(ReadNamed(fields, "policies", text, ParsedPolicy.Parse, problems));
        var guardrails = ReadNamed(fields, "guardrails", text, ParsedPolicy.ParseGuardrail, problems);
        if (policies.Count == 0)
            problems.Add(new("DW7103", Severity.Error, "There is no policy here.", "Write it under «policy», or several by name under «policies».", fields.Place));

        return new(source, Compile(policies, guardrails), ReadCases(fields, problems));
    }

    private static List<ParsedPolicy?> ReadNamed(Fields fields, string key, string text, Parser parse, List<Problem> problems) =>
        fields.Read(key, named => named.All().Select(entry => ParseEmbedded(entry.Key, entry.Value, text, parse, problems)).ToList()) ?? [];

    private static List<Case> ReadCases(Fields fields, List<Problem> problems)
    {
        var shared = fields.Take("facts");
        if (fields.Take("cases") is not { } node) return [];
        if (node is SequenceNode list)
            return [.. list.Items.Select((item, index) => fields.Nested(item, "a case", one => Case.Read(one, index + 1, shared, problems))).OfType<Case>()];

        fields.Report(node, "cases", "a list of cases, each with a name, facts and what to expect");
        return [];
    }

    // A policy may stand in the case file as it stands in a route, or as a text of its own.
    private static ParsedPolicy? ParseEmbedded(string name, Node node, string text, Parser parse, List<Problem> problems)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text } scalar) return parse(name, node, TimeZones.Find, problems);
        var inner = new List<Problem>();
        var policy = DocumentText.Read(scalar.Text, scalar.Place.Source, inner);
        var parsed = policy is null ? null : parse(name, policy, TimeZones.Find, inner);
        if (policy is null && inner.Count == 0)
            inner.Add(new("DW7103", Severity.Error, "There is no policy here.", "Write one, such as allow: { and: [ { domain: example.com } ] }.", default));
        problems.AddRange(inner.Select(problem => problem with { Place = EmbeddedText.PlaceOf(problem.Place, scalar, text) }));
        return parsed;
    }

    private static EffectivePolicy? Compile(List<ParsedPolicy?> policies, List<ParsedPolicy?> guardrails) =>
        policies.Count == 0 || policies.Contains(null) || guardrails.Contains(null)
            ? null
            : EffectivePolicy.Compile([.. policies.OfType<ParsedPolicy>()], [.. guardrails.OfType<ParsedPolicy>()]);
}
