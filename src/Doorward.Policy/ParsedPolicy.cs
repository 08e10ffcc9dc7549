using Doorward.Policy.Documents;
using Doorward.Policy.Parsing;
using Doorward.Policy.Syntax;

namespace Doorward.Policy;

/// <summary>A policy text that was read and checked, not yet joined with others.</summary>
public sealed class ParsedPolicy
{
    /// <summary>The name that rules carry as their origin.</summary>
    public required string Name { get; init; }

    /// <summary>What it says, in normal form.</summary>
    public required PolicySyntax Syntax { get; init; }

    /// <summary>Reads and checks a policy.</summary>
    /// <param name="name">The name that its rules carry as their origin.</param>
    /// <param name="node">The policy, as <see cref="NodeReader"/> read it.</param>
    /// <param name="zones">Finds a time zone by its IANA name; null where there is none such.</param>
    /// <param name="problems">Every problem found is added here.</param>
    /// <returns>The policy; null where any of the problems is an error.</returns>
    public static ParsedPolicy? Parse(string name, Node node, Func<string, TimeZoneInfo?> zones, ICollection<Problem> problems)
    {
        var findings = new Findings(problems);
        var syntax = new PolicyParser(findings, zones).Policy(node);
        if (!findings.HasErrors && syntax.Rules.All(rule => rule.Action == RuleAction.Deny))
            findings.Warn("DW1058", "This policy has no allow rule, so it lets nobody through.", "Add an «allow» rule; to refuse only, name it as a guardrail.", node.Place);
        return findings.HasErrors ? null : new ParsedPolicy { Name = name, Syntax = syntax };
    }

    /// <summary>Reads and checks a guardrail: a policy whose deny rules join from above. An allow rule in it is an error.</summary>
    /// <inheritdoc cref="Parse"/>
    public static ParsedPolicy? ParseGuardrail(string name, Node node, Func<string, TimeZoneInfo?> zones, ICollection<Problem> problems)
    {
        var findings = new Findings(problems);
        var syntax = new PolicyParser(findings, zones).Policy(node);
        foreach (var rule in syntax.Rules.Where(rule => rule.Action == RuleAction.Allow))
            findings.Error("DW1019", "A guardrail only refuses, and this is an allow rule.", "Write it as «deny: not:», or into a policy that routes name.", rule.Place);
        return findings.HasErrors ? null : new ParsedPolicy { Name = name, Syntax = syntax };
    }
}
