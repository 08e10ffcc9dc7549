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
        var allow = policies.Aggregate(Truth.True, (all, policy) => Kleene.And(all, Action(policy, RuleAction.Allow)));
        var deny = policies.Append(guardrails).Aggregate(Truth.False, (any, rules) => Kleene.Or(any, Action(rules, RuleAction.Deny)));
        return policies.Count == 0 || allow != Truth.True || deny != Truth.False;
    }

    private static Truth Action(IEnumerable<Rule> rules, RuleAction action) =>
        rules.Where(rule => rule.Action == action).SelectMany(rule => rule.Operations).Aggregate(Truth.False, (any, operation) => Kleene.Or(any, Judge(operation)));

    private static Truth Judge(Operation operation) => Kleene.Join(operation.Operator, operation.Criteria.Select(criterion => criterion switch
    {
        AcceptCriterion => Truth.True,
        RejectCriterion => Truth.False,
        _ => Truth.Unknown,
    }));
}
