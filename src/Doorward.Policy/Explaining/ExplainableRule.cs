using Doorward.Policy.Evaluation;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>A rule, its criteria as numbers of variables.</summary>
internal sealed record ExplainableRule(EffectiveRule Rule, (OperatorKind Kind, int[] Variables)[] Operations)
{
    public ExplainedRule Explain(Verdict[] verdicts, Decision decision, in Known known)
    {
        var (joined, operations) = (Truth.False, new List<ExplainedOperation>());
        for (var i = 0; i < Operations.Length; i++)
        {
            var truth = Kleene.Join(Operations[i].Kind, Operations[i].Variables.Select(variable => verdicts[variable].Truth));
            joined = Kleene.Or(joined, truth);
            operations.Add(Explain(Rule.Syntax.Operations[i], Operations[i].Variables, truth, verdicts, known));
        }

        return new ExplainedRule(Rule.Index, Rule.Origin, Rule.Place, Rule.Denies, joined, decision.Rules.Has(Rule.Index), operations);
    }

    private static ExplainedOperation Explain(Operation operation, int[] variables, Truth truth, Verdict[] verdicts, in Known known)
    {
        var (told, criteria, omitted) = (new HashSet<(string, Truth, string)>(), new List<ExplainedCriterion>(), 0);
        for (var i = 0; i < variables.Length; i++)
        {
            var (criterion, verdict) = (operation.Criteria[i], verdicts[variables[i]]);
            if (criteria.Count == ExplanationLimits.Criteria)
            {
                omitted++;
                continue;
            }

            var asked = AskedWords.Of(criterion);
            if (told.Add((criterion.Key, verdict.Truth, asked)))
                criteria.Add(new(criterion.Key, criterion.Place, verdict.Truth, verdict.Reasons, verdict.Remedies, asked, SeenWords.Of(criterion, verdict.Truth, known)));
        }

        return new ExplainedOperation(operation.Operator.ToString().ToLowerInvariant(), truth, criteria, omitted);
    }
}
