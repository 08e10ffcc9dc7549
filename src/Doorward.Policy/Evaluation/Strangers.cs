using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>What can be said of a policy before anything is known.</summary>
internal static class Strangers
{
    /// <summary>
    /// Whether some request without a session may be refused, locks apart. Cautious: every criterion but <c>accept</c> and <c>reject</c> may be anything,
    /// so a policy that lets everybody through in a roundabout way counts as one that can refuse.
    /// </summary>
    public static bool MayBeRefused(IReadOnlyList<IReadOnlyList<Rule>> policies, IReadOnlyList<Rule> guardrails)
    {
        var (allow, deny) = (new Tally(), new Tally());
        foreach (var policy in policies) allow.Add(Action(policy, RuleAction.Allow));
        foreach (var policy in policies) deny.Add(Action(policy, RuleAction.Deny));
        deny.Add(Action(guardrails, RuleAction.Deny));
        return policies.Count == 0 || allow.And().Truth != Truth.True || deny.Or().Truth != Truth.False;
    }

    private static Verdict Action(IEnumerable<Rule> rules, RuleAction action)
    {
        var tally = new Tally();
        foreach (var operation in rules.Where(rule => rule.Action == action).SelectMany(rule => rule.Operations)) tally.Add(Judge(operation));
        return tally.Or();
    }

    private static Verdict Judge(Operation operation)
    {
        var tally = new Tally();
        foreach (var criterion in operation.Criteria)
        {
            var verdict = new Verdict(criterion switch { AcceptCriterion => Truth.True, RejectCriterion => Truth.False, _ => Truth.Unknown }, Remedies.None, ReasonSet.None);
            tally.Add(operation.Operator is OperatorKind.Not or OperatorKind.Nor ? verdict.Negated : verdict);
        }

        return operation.Operator is OperatorKind.And or OperatorKind.Not ? tally.And() : tally.Or();
    }
}
