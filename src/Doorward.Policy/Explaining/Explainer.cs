using Doorward.Policy.Evaluation;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>
/// Explains decisions of one policy. Keeps every criterion as it is written, where the compiled rules join some; made with the first explanation,
/// because most policies never need one.
/// </summary>
internal sealed class Explainer
{
    private readonly EffectivePolicy _policy;
    private readonly ExplainableRule[] _rules;
    private readonly List<(Criterion Criterion, Evaluator Evaluator)> _variables = [];
    private readonly bool[] _constant;
    private readonly Requirement[] _requirements;

    /// <param name="policy">The policy.</param>
    /// <param name="policies">The indexes of the allow rules of each of its policies.</param>
    public Explainer(EffectivePolicy policy, IReadOnlyList<int[]> policies)
    {
        _policy = policy;
        var known = new Dictionary<string, int>();
        _rules = [.. policy.Rules.Select(rule => new ExplainableRule(rule, Variables(rule, known)))];
        _constant = [.. _variables.Select(variable => variable.Criterion is AcceptCriterion or RejectCriterion)];
        _requirements =
        [
            .. policies.Select(own => Requirement.Allowed(own.SelectMany(index => _rules[index].Operations))),
            .. _rules.Where(rule => rule.Rule.Denies).SelectMany(rule => rule.Operations).Select(Requirement.NotDenied),
        ];
    }

    public Explanation Explain(Facts facts, Decision decision)
    {
        var known = new Known(facts);
        var verdicts = new Verdict[_variables.Count];
        for (var i = 0; i < verdicts.Length; i++) verdicts[i] = _variables[i].Evaluator.Evaluate(known);
        var rules = new List<ExplainedRule>();
        foreach (var rule in Told(decision)) rules.Add(rule.Explain(verdicts, decision, known));
        var wanted = Change(verdicts, decision, out var change);
        return new Explanation(decision, rules, [.. Advice.For(decision, wanted)], change);
    }

    /// <summary>What a flow must ask for so that unknown criteria become known.</summary>
    public StepUp Ask(Facts facts)
    {
        var known = new Known(facts);
        var missing = new List<Criterion>();
        foreach (var (criterion, evaluator) in _variables)
            if (evaluator.Evaluate(known) is { Truth: Truth.Unknown, Remedies: not Remedies.None }) missing.Add(criterion);
        return StepUp.For(missing);
    }

    private IEnumerable<ExplainableRule> Told(Decision decision) =>
        _rules.Length <= ExplanationLimits.Rules
            ? _rules
            : _rules.OrderByDescending(rule => decision.Rules.Has(rule.Rule.Index)).Take(ExplanationLimits.Rules).OrderBy(rule => rule.Rule.Index);

    private List<(Criterion Criterion, bool Wanted)>? Change(Verdict[] verdicts, Decision decision, out SmallestChange? change)
    {
        change = null;
        if (_policy.Rules.All(rule => rule.Denies)) return null;
        var search = new ChangeSearch(Array.ConvertAll(verdicts, verdict => verdict.Truth), _constant, _requirements);
        var found = search.Run();
        if (found is null && search.Exact) return null;
        var wanted = (found ?? []).Select(literal => (_variables[literal.Variable].Criterion, Wanted: literal.Value)).ToList();
        Reason? lifted = decision.Reasons.Has(Reason.Locked) ? Reason.Locked : decision.Reasons.Has(Reason.Ended) ? Reason.Ended : null;
        change = new SmallestChange([.. wanted.Select(want => new WantedCriterion(want.Criterion.Key, want.Criterion.Place, want.Wanted, AskedWords.Of(want.Criterion)))], lifted, search.Exact);
        return wanted;
    }

    /// <summary>The variable of each criterion: those that ask the same are one.</summary>
    private (OperatorKind Kind, int[] Variables)[] Variables(EffectiveRule rule, Dictionary<string, int> known) =>
        [.. rule.Syntax.Operations.Select(operation => (operation.Operator, operation.Criteria.Select(criterion => Variable(criterion, known)).ToArray()))];

    private int Variable(Criterion criterion, Dictionary<string, int> known)
    {
        var text = CanonicalText.Print(criterion);
        if (known.TryGetValue(text, out var variable)) return variable;
        known.Add(text, _variables.Count);
        _variables.Add((criterion, CriterionCompiler.Compile(criterion)));
        return _variables.Count - 1;
    }
}
