using Doorward.Policy.Evaluation;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>A rule, its criteria as numbers of variables.</summary>
internal sealed record ExplainableRule(EffectiveRule Rule, (OperatorKind Kind, int[] Variables)[] Operations)
{
    public ExplainedRule Explain(Verdict[] verdicts, Decision decision, in Known known)
    {
        var tally = new Tally();
        var operations = new List<ExplainedOperation>();
        for (var i = 0; i < Operations.Length; i++)
        {
            var verdict = Judge(Operations[i], verdicts);
            tally.Add(verdict);
            operations.Add(Explain(Rule.Syntax.Operations[i], Operations[i].Variables, verdict.Truth, verdicts, known));
        }

        return new ExplainedRule(Rule.Index, Rule.Origin, Rule.Place, Rule.Denies, tally.Or().Truth, decision.Rules.Has(Rule.Index), operations);
    }

    private static Verdict Judge((OperatorKind Kind, int[] Variables) operation, Verdict[] verdicts)
    {
        var tally = new Tally();
        foreach (var variable in operation.Variables)
            tally.Add(operation.Kind is OperatorKind.Not or OperatorKind.Nor ? verdicts[variable].Negated : verdicts[variable]);

        return operation.Kind is OperatorKind.And or OperatorKind.Not ? tally.And() : tally.Or();
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
