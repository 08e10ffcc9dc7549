using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Random;

/// <summary>What random policies and decisions are made of. A run over a poor mix proves little, so it fails.</summary>
internal sealed class Mix
{
    private static readonly string[] _operators = [.. Enum.GetNames<OperatorKind>().Select(name => "operator/" + name)];
    private static readonly string[] _strings = [.. Enum.GetNames<StringOperator>().Select(name => "string/" + name)];
    private static readonly string[] _lists = [.. Enum.GetNames<ListOperator>().Select(name => "list/" + name)];

    private readonly ConcurrentDictionary<string, int> _policies = new();
    private readonly ConcurrentDictionary<Outcome, int> _outcomes = new();
    private int _count;
    private int _decisions;
    private int _deep;

    public void Add(Outcome outcome)
    {
        Interlocked.Increment(ref _decisions);
        _outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
    }

    public void Add(IReadOnlyList<PolicySyntax> policies, IReadOnlyList<PolicySyntax> guardrails)
    {
        Interlocked.Increment(ref _count);
        var all = policies.Concat(guardrails).ToList();
        if (DepthOf(policies) > 2) Interlocked.Increment(ref _deep);
        foreach (var part in all.SelectMany(PartsOf).Distinct()) _policies.AddOrUpdate(part, 1, (_, count) => count + 1);
    }

    /// <summary>Fails where anything is too rare, with the whole report.</summary>
    public void AssertRich()
    {
        var poor = Expected().Where(part => ShareOf(part) < 0.01).Select(part => $"{part} in {ShareOf(part):P2} of policies")
            .Concat(Enum.GetValues<Outcome>().Where(outcome => ShareOf(outcome) < 0.05).Select(outcome => $"{outcome} in {ShareOf(outcome):P2} of decisions"));
        if ((double)_deep / _count < 0.30) poor = poor.Append($"{(double)_deep / _count:P2} deeper than 2");
        Run.AssertProves(!poor.Any(), $"The mix is poor: {string.Join(", ", poor)}.\n{this}");
    }

    public override string ToString()
    {
        var report = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{_decisions} pairs of {_count} policies, {(double)_deep / _count:P1} deeper than 2");
        report.AppendLine(string.Join(", ", Enum.GetValues<Outcome>().Select(outcome => $"{outcome} {ShareOf(outcome):P1}")));
        return report.AppendLine(string.Join(", ", Expected().Select(part => $"{part} {ShareOf(part):P1}"))).ToString();
    }

    private double ShareOf(string part) => (double)_policies.GetValueOrDefault(part) / _count;

    private double ShareOf(Outcome outcome) => (double)_outcomes.GetValueOrDefault(outcome) / _decisions;

    private static IEnumerable<string> Expected() =>
        [.. CriterionGen.Names, .. _operators, .. _strings, .. _lists,
            "value/text", "value/list", "value/boolean", "value/equal", "value/under", "value/over", "value/before", "value/after"];

    private static string NameOf(OperatorKind kind) => _operators[(int)kind];

    private static string NameOf(StringOperator kind) => _strings[(int)kind];

    private static string NameOf(ListOperator kind) => _lists[(int)kind];

    /// <summary>The levels at which it branches, of four: policies, rules, operators, criteria. The language nests no further.</summary>
    private static int DepthOf(IReadOnlyList<PolicySyntax> policies)
    {
        var rules = policies.SelectMany(policy => policy.Rules).ToList();
        bool[] branches =
        [
            policies.Count > 1,
            policies.Any(policy => policy.Rules.Count > 1),
            rules.Any(rule => rule.Operations.Count > 1),
            rules.Any(rule => rule.Operations.Any(operation => operation.Criteria.Count > 1)),
        ];
        return branches.Count(branch => branch);
    }

    private static IEnumerable<string> PartsOf(PolicySyntax policy) =>
        from rule in policy.Rules
        from operation in rule.Operations
        from part in operation.Criteria.SelectMany(PartsOf).Append(NameOf(operation.Operator))
        select part;

    private static IEnumerable<string> PartsOf(Criterion criterion) => Matchers.Of(criterion).SelectMany(PartsOf).Append(criterion.Key);

    private static IEnumerable<string> PartsOf(object matcher) => matcher switch
    {
        StringMatcher text => text.Tests.Select(test => NameOf(test.Operator)),
        ListMatcher list => list.Tests.Select(test => NameOf(test.Operator)).Concat(list.Tests.Select(test => test.Element).OfType<StringMatcher>().SelectMany(PartsOf)),
        ValueMatcher value => PartsOf(value),
        _ => [],
    };

    private static IEnumerable<string> PartsOf(ValueMatcher value)
    {
        if (value.Text is { } text) foreach (var part in PartsOf((object)text)) yield return part;
        if (value.List is { } list) foreach (var part in PartsOf((object)list)) yield return part;
        if (value.Text is not null) yield return "value/text";
        if (value.List is not null) yield return "value/list";
        if (value.Boolean is not null) yield return "value/boolean";
        if (value.Equal is not null) yield return "value/equal";
        if (value.Under is not null) yield return "value/under";
        if (value.Over is not null) yield return "value/over";
        if (value.Before is not null) yield return "value/before";
        if (value.After is not null) yield return "value/after";
    }
}
