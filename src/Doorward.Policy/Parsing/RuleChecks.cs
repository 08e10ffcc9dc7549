using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Rules that are well formed and hardly mean what their writer thinks.</summary>
internal static class RuleChecks
{
    public static void Check(Rule rule, Findings findings)
    {
        foreach (var operation in rule.Operations)
        {
            foreach (var criterion in operation.Criteria)
            {
                // Such a criterion is never false, so whether the rule lets through or refuses depends on its being true only where allow asks for it, or deny for its contrary.
                var asksForIt = operation.Operator is OperatorKind.And or OperatorKind.Or == (rule.Action == RuleAction.Allow);
                if (criterion is SessionAgeCriterion or AuthenticationCriterion && !asksForIt)
                    findings.Warn("DW1053", $"«{criterion.Key}» is never false: where it does not hold, this rule asks everybody to sign in again.", "Write «deny: not:», or «allow: and:», with what you want to see.", criterion.Place);
                if (criterion is RejectCriterion && operation.Operator is OperatorKind.And or OperatorKind.Or)
                    RejectIsFalse(rule.Action, operation.Operator, criterion, findings);
            }
        }
    }

    private static void RejectIsFalse(RuleAction action, OperatorKind kind, Criterion criterion, Findings findings)
    {
        if (action == RuleAction.Deny)
            findings.Warn("DW1054", "«reject» is always false, so under «deny» it refuses nobody.", "To refuse everybody, write «deny: or: [accept: true]».", criterion.Place);
        else if (kind == OperatorKind.Or)
            findings.Warn("DW1054", "«reject» is always false, so it adds nothing to «or».", "Remove it.", criterion.Place);
    }
}
