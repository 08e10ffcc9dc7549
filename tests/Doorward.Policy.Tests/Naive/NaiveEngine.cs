using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Naive;

/// <summary>
/// The second engine: decides by reading the syntax tree from top to bottom, with no thought of speed. Written from what the
/// language says, not from the fast engine, so that a mistake must be made twice to go unseen.
/// </summary>
/// <param name="policies">The route's policies.</param>
/// <param name="guardrails">The guardrails above them.</param>
/// <param name="judge">What a criterion says; <see cref="NaiveCriteria.Judge"/> unless a test knows better.</param>
internal sealed class NaiveEngine(
    IReadOnlyList<PolicySyntax> policies,
    IReadOnlyList<PolicySyntax> guardrails,
    Func<Criterion, Facts, Verdict>? judge = null)
{
    private readonly Func<Criterion, Facts, Verdict> _judge = judge ?? NaiveCriteria.Judge;

    public NaiveDecision Decide(Facts facts)
    {
        var allowOfEach = policies.Select(policy => JudgeAction(policy, RuleAction.Allow, facts)).ToList();
        var allow = allowOfEach.Count == 0 ? Verdict.Of(Truth.False) : Verdict.And(allowOfEach);
        var deny = Verdict.Or([.. policies.Concat(guardrails).Select(policy => JudgeAction(policy, RuleAction.Deny, facts))]);
        var step = Step(facts, allow, deny);
        return step with { Allow = allow, Deny = deny, Reads = Reads(), ValidUntil = ValidUntil(facts), Rules = [.. Rules(step, allow, deny, facts)] };
    }

    /// <summary>The rules that decided: those of a side that was told, and that are as true or as unknown as it.</summary>
    private IEnumerable<int> Rules(NaiveDecision step, Verdict allow, Verdict deny, Facts facts)
    {
        var index = 0;
        foreach (var (policy, rule) in policies.SelectMany(policy => policy.Rules.Select(rule => (policy, rule)))
            .Concat(guardrails.SelectMany(guardrail => guardrail.Rules.Where(rule => rule.Action == RuleAction.Deny).Select(rule => (guardrail, rule)))))
        {
            var side = rule.Action == RuleAction.Allow ? allow : deny;
            var truth = JudgeRule(rule, facts).Truth;
            if (step.Told.Contains(rule.Action) && side.Truth != Truth.False && truth == side.Truth
                && (rule.Action == RuleAction.Deny || JudgeAction(policy, RuleAction.Allow, facts).Truth == side.Truth))
                yield return index;
            index++;
        }
    }

    private static NaiveDecision Step(Facts facts, Verdict allow, Verdict deny)
    {
        if (NaiveLocks.Match(facts)) return NaiveDecision.Of(Outcome.Deny, Verdict.Of(Truth.True, Reason.Locked));
        if (IsEnded(facts)) return NaiveDecision.Of(Outcome.Deny, Verdict.Of(Truth.True, Reason.Ended));
        if (deny.Truth == Truth.True && deny.Reasons.Overlaps([Reason.ClientCertificateRequired, Reason.InvalidClientCertificate]))
            return NaiveDecision.Of(Outcome.Certificate, deny, RuleAction.Deny);
        if (deny.Truth == Truth.True || (deny.Truth == Truth.Unknown && deny.Remedies == Remedies.None)) return NaiveDecision.Of(Outcome.Deny, deny, RuleAction.Deny);
        if (allow.Truth == Truth.True && deny.Truth == Truth.False) return NaiveDecision.Of(Outcome.Allow, allow, RuleAction.Allow);
        if (allow.Truth == Truth.True || (allow.Truth == Truth.Unknown && allow.Remedies != Remedies.None)) return Ask(facts, allow, deny);
        return NaiveDecision.Of(Outcome.Deny, allow, RuleAction.Allow);
    }

    private static NaiveDecision Ask(Facts facts, Verdict allow, Verdict deny)
    {
        var failed = NaiveCriteria.SessionOf(facts)?.Failed ?? Remedies.None;
        var told = new[] { (Side: allow, Action: RuleAction.Allow), (Side: deny, Action: RuleAction.Deny) }.Where(one => one.Side.Truth == Truth.Unknown).ToList();
        var open = told.ConvertAll(one => one.Side);
        var actions = told.Select(one => one.Action).ToArray();
        var hanging = new Verdict(Truth.Unknown, [.. open.SelectMany(side => side.Reasons)], Remedies.None);
        if (open.Any(side => (side.Remedies & ~failed) == Remedies.None))
            return NaiveDecision.Of(Outcome.Deny, hanging with { Reasons = hanging.Reasons.Add(Reason.StepUpFailed) }, actions);

        var remedies = open.Aggregate(Remedies.None, (joined, side) => joined | side.Remedies) & ~failed;
        var outcome = remedies.HasFlag(Remedies.SignIn) ? Outcome.SignIn
            : remedies == Remedies.Device ? Outcome.Device
            : Outcome.StepUp;
        return NaiveDecision.Of(outcome, hanging, actions) with { Remedies = remedies };
    }

    private Verdict JudgeAction(PolicySyntax policy, RuleAction action, Facts facts) =>
        Verdict.Or([.. policy.Rules.Where(rule => rule.Action == action).Select(rule => JudgeRule(rule, facts))]);

    private Verdict JudgeRule(Rule rule, Facts facts) => Verdict.Or([.. rule.Operations.Select(operation => JudgeOperation(operation, facts))]);

    private Verdict JudgeOperation(Operation operation, Facts facts)
    {
        var parts = operation.Criteria.Select(criterion => _judge(criterion, facts)).ToList();
        return operation.Operator switch
        {
            OperatorKind.And => Verdict.And(parts),
            OperatorKind.Or => Verdict.Or(parts),
            OperatorKind.Not => Verdict.And(parts.ConvertAll(part => part.Inverted())),
            _ => Verdict.Or(parts.ConvertAll(part => part.Inverted())),
        };
    }

    private static bool IsEnded(Facts facts) => facts.Person is { Active: false } || facts.Person?.EndDate <= facts.Now;

    private FactKinds Reads() => Criteria().Aggregate(FactKinds.Lock, (joined, criterion) => joined | criterion.Reads);

    private DateTimeOffset? ValidUntil(Facts facts)
    {
        if (NaiveLocks.Match(facts) || IsEnded(facts)) return null;
        var session = NaiveCriteria.SessionOf(facts);
        return Criteria().Select(criterion => NaiveTime.NextChange(criterion, facts))
            .Append(Criteria().Any(criterion => criterion.AboutPerson) ? session?.Expires : null)
            .Append(facts.Person?.EndDate)
            .Where(instant => instant > facts.Now)
            .Min();
    }

    /// <summary>What counts: guardrails only refuse.</summary>
    private IEnumerable<Criterion> Criteria() =>
        from rule in policies.SelectMany(policy => policy.Rules).Concat(guardrails.SelectMany(policy => policy.Rules.Where(rule => rule.Action == RuleAction.Deny)))
        from operation in rule.Operations
        from criterion in operation.Criteria
        select criterion;
}

/// <summary>What the naive engine answers.</summary>
/// <param name="Outcome">What is to be done.</param>
/// <param name="Deciding">Why.</param>
/// <param name="Told">The actions whose reasons these are.</param>
internal sealed record NaiveDecision(Outcome Outcome, Verdict Deciding, IReadOnlyList<RuleAction> Told)
{
    public Remedies Remedies { get; init; }

    public Verdict Allow { get; init; } = Verdict.Of(Truth.False);

    public Verdict Deny { get; init; } = Verdict.Of(Truth.False);

    public FactKinds Reads { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public IReadOnlyList<int> Rules { get; init; } = [];

    public static NaiveDecision Of(Outcome outcome, Verdict deciding, params IReadOnlyList<RuleAction> told) => new(outcome, deciding, told);
}
