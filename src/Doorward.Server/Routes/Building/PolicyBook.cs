using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>
/// The named policies while a configuration is built: each is parsed once for each use, whoever names it, and a wrong one is
/// replaced by the last good one of its name.
/// </summary>
internal sealed class PolicyBook
{
    private readonly Dictionary<string, NamedPolicy?> _policies = [];
    private readonly Dictionary<string, ParsedPolicy?> _asGuardrails = [];
    private readonly Dictionary<string, ParsedPolicy?> _withPreflight = [];
    private readonly IReadOnlySet<string> _guarding;
    private readonly Findings _findings;

    /// <summary>Reads the policies.</summary>
    /// <param name="policies">Those that are written.</param>
    /// <param name="guarding">The names that guardrails refer to.</param>
    /// <param name="previous">The configuration in force; null at start.</param>
    /// <param name="findings">Gains what is wrong.</param>
    public PolicyBook(IEnumerable<Written<Node>> policies, IReadOnlySet<string> guarding, Configuration? previous, Findings findings)
    {
        (_guarding, _findings) = (guarding, findings);
        foreach (var written in policies) _policies[written.Name] = Read(written, previous);
    }

    /// <summary>Those that can be used.</summary>
    public IEnumerable<NamedPolicy> Policies => _policies.Values.OfType<NamedPolicy>();

    /// <summary>Finds the policies that a choice names, or parses the one written in place.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="origin">What rules written in place carry as their origin.</param>
    /// <param name="place">Where a name of the choice is written.</param>
    /// <param name="preflight">Whether each policy also allows a CORS preflight: then all of them do.</param>
    /// <param name="findings">Gains what is wrong.</param>
    /// <returns>Null where any of them is missing or wrong.</returns>
    public IReadOnlyList<ParsedPolicy>? Resolve(PolicyChoice choice, string origin, Func<int, Place> place, bool preflight, Findings findings)
    {
        if (choice.Inline is { } node) return Parse(origin, preflight ? Preflight.AlsoAllow(node) : node, findings) is { } parsed ? [parsed] : null;
        var found = choice.Names.Select((name, i) => Find(name, place(i), preflight, findings)).OfType<ParsedPolicy>().ToList();
        return found.Count == choice.Names.Count ? found : null;
    }

    /// <summary>As <see cref="Resolve"/>, for deny rules from above.</summary>
    public IReadOnlyList<ParsedPolicy>? ResolveGuardrail(PolicyChoice choice, string origin, Func<int, Place> place, Findings findings)
    {
        if (choice.Inline is { } node) return ParseGuardrail(origin, node, findings) is { } parsed ? [parsed] : null;
        var found = choice.Names.Select((name, i) => FindGuardrail(name, place(i), findings)).OfType<ParsedPolicy>().ToList();
        return found.Count == choice.Names.Count ? found : null;
    }

    /// <summary>Tells whether a named policy changed; empty for one written in place.</summary>
    public string TextOf(string name) => _policies.GetValueOrDefault(name)?.Text ?? "";

    public static ParsedPolicy? Parse(string origin, Node node, Findings findings)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse(origin, node, TimeZones.Find, problems);
        findings.AddRange(problems);
        return parsed;
    }

    private static ParsedPolicy? ParseGuardrail(string origin, Node node, Findings findings)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.ParseGuardrail(origin, node, TimeZones.Find, problems);
        findings.AddRange(problems);
        return parsed;
    }

    private NamedPolicy? Read(Written<Node> written, Configuration? previous)
    {
        var last = previous?.Policies.GetValueOrDefault(written.Name);
        var text = NodeDigest.AsWritten(written.Value, written.Place.ToString());
        if (last?.Text == text)
        {
            _findings.AddRange(last.Warnings);
            return last;
        }

        if (written.Value is ScalarNode)
        {
            _findings.Error("DW2041", $"The policy «{written.Name}» is no policy.", "Write, for example: { allow: { and: [ { domain: { is: example.com } } ] } }", written.Place);
            return last;
        }

        var findings = new Findings();
        var parsed = Parse(written.Name, written.Value, findings);
        // A policy that guardrails name needs no allow rule.
        var told = findings.All.Where(problem => !(problem.Id == "DW1058" && _guarding.Contains(written.Name))).ToList();
        _findings.AddRange(told);
        return parsed is null ? last : new(written.Name, written.Source, written.Place, text, written.Value, parsed, told);
    }

    private ParsedPolicy? Find(string name, Place place, bool preflight, Findings findings)
    {
        if (Named(name, place, findings) is not { } policy) return null;
        if (!preflight) return policy.Parsed;
        if (!_withPreflight.TryGetValue(name, out var parsed)) _withPreflight[name] = parsed = Parse(name, Preflight.AlsoAllow(policy.Node), new Findings());
        return parsed;
    }

    private ParsedPolicy? FindGuardrail(string name, Place place, Findings findings)
    {
        if (Named(name, place, findings) is not { } policy) return null;
        if (!_asGuardrails.TryGetValue(name, out var parsed)) _asGuardrails[name] = parsed = ParseGuardrail(name, policy.Node, findings);
        return parsed;
    }

    private NamedPolicy? Named(string name, Place place, Findings findings)
    {
        if (!_policies.TryGetValue(name, out var policy))
        {
            findings.Error("DW2040", $"There is no policy «{name}».", Suggestion.Nearest(name, _policies.Keys) is { } nearest
                ? $"Did you mean «{nearest}»?" : "Write it under «policies», or correct the name.", place);
        }
        else if (policy is null)
        {
            findings.Error("DW2041", $"The policy «{name}» cannot be used.", "Mend the policy; its own problems are told where it is written.", place);
        }

        return policy;
    }
}
