using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads the frame of a policy: rules, actions, operators. Its depth is the grammar's, so it needs no stack of its own.</summary>
internal sealed class PolicyParser(Findings findings, Func<string, TimeZoneInfo?> zones)
{
    private static readonly string[] Actions = ["allow", "deny"];
    private static readonly string[] Operators = ["and", "or", "not", "nor"];

    public PolicySyntax Policy(Node node)
    {
        var rules = new List<Rule>();
        if (node is SequenceNode list)
        {
            foreach (var item in list.Items) Rules(item, rules);
        }
        else
        {
            Rules(node, rules);
        }

        return new PolicySyntax(rules, node.Place);
    }

    private void Rules(Node node, List<Rule> rules)
    {
        if (node is not MappingNode mapping)
        {
            findings.Error("DW1001", "A policy is a rule or a list of rules, and a rule is a mapping.", "Write «allow:» or «deny:», and below it «and:», «or:», «not:» or «nor:» with a list of criteria.", node.Place);
            return;
        }

        if (mapping.Entries.Count == 0) findings.Warn("DW1052", "This rule is empty, and counts for nothing.", "Write «allow:» or «deny:» into it, or remove it.", mapping.Place);
        foreach (var entry in mapping.Entries.Where(entry => !Actions.Contains(entry.Key)))
            findings.Unknown("DW1002", "action", entry.Key, Actions, entry.KeyPlace);
        foreach (var action in Enum.GetValues<RuleAction>())
            if (mapping.Entries.FirstOrDefault(entry => entry.Key == Actions[(int)action]) is { } entry) rules.Add(Rule(action, entry));
    }

    private Rule Rule(RuleAction action, MappingEntry written)
    {
        var operations = new List<Operation>();
        if (written.Value is MappingNode mapping)
        {
            // The original tolerates a key «action» among the operators, so written policies may have one.
            foreach (var entry in mapping.Entries.Where(entry => !Operators.Contains(entry.Key) && entry.Key != "action"))
                findings.Unknown("DW1003", "operator", entry.Key, Operators, entry.KeyPlace);
            foreach (var kind in Enum.GetValues<OperatorKind>())
                if (mapping.Entries.FirstOrDefault(entry => entry.Key == Operators[(int)kind]) is { } entry) Operation(kind, entry, operations);
            if (mapping.Entries.Count == 0) findings.Warn("DW1052", $"This rule has no criteria, and counts for nothing.", "Write «and:» with a list of criteria below it, or remove it.", written.KeyPlace);
        }
        else
        {
            findings.WrongType($"What is under «{written.Key}»", "a mapping of and, or, not or nor to lists of criteria", written.Value);
        }

        var rule = new Rule(action, operations, written.KeyPlace);
        RuleChecks.Check(rule, findings);
        return rule;
    }

    private void Operation(OperatorKind kind, MappingEntry written, List<Operation> operations)
    {
        if (kind == OperatorKind.Nor)
            findings.Warn("DW1051", "«nor» is true where at least one of its criteria is false, in spite of its name.", "For «none of these», write «not».", written.KeyPlace);
        if (written.Value is not SequenceNode list)
        {
            findings.WrongType($"What is under «{written.Key}»", "a list of criteria", written.Value);
            return;
        }

        if (list.Items.Count == 0)
            findings.Warn("DW1052", $"«{written.Key}» has no criteria, and counts for nothing.", "Write criteria below it, or remove it.", written.KeyPlace);
        var criteria = new List<Criterion>();
        foreach (var item in list.Items)
            if (findings.CountCriterion(item.Place) && CriterionParser.Parse(item, findings, zones) is { } criterion) criteria.Add(criterion);
        if (criteria.Count > 0) operations.Add(new Operation(kind, criteria, written.KeyPlace));
    }
}
