using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>The groups that allow rules ask for.</summary>
internal sealed class NamedGroups
{
    private readonly ElementMatcher[] _asked;

    public NamedGroups(IEnumerable<Rule> rules) =>
        _asked =
        [
            .. rules.Where(rule => rule.Action == RuleAction.Allow)
                .SelectMany(rule => rule.Operations)
                .Where(operation => operation.Operator is OperatorKind.And or OperatorKind.Or)
                .SelectMany(operation => operation.Criteria)
                .OfType<GroupsCriterion>()
                .SelectMany(criterion => criterion.Matcher.Tests)
                .Where(test => test.Operator != ListOperator.Exclude)
                .Select(test => test.Element is { } element ? new ElementMatcher(element) : new ElementMatcher(test.Operands)),
        ];

    public bool Contains(GroupFact group)
    {
        var element = new Element(group.Id, group.Name, group.Email);
        foreach (var asked in _asked)
            if (asked.Matches(element)) return true;
        return false;
    }
}
