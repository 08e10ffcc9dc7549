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
        return Step(facts, allow, deny) with { Allow = allow, Deny = deny, Reads = Reads(), ValidUntil = ValidUntil(facts) };
    }

    private static NaiveDecision Step(Facts facts, Verdict allow, Verdict deny)
    {
        if (NaiveLocks.Match(facts)) return NaiveDecision.Of(Outcome.Deny, Verdict.Of(Truth.True, Reason.Locked));
        if (IsEnded(facts)) return NaiveDecision.Of(Outcome.Deny, Verdict.Of(Truth.True, Reason.Ended));
        if (deny.Truth == Truth.True && deny.Reasons.Overlaps([Reason.ClientCertificateRequired, Reason.InvalidClientCertificate]))
            return NaiveDecision.Of(Outcome.Certificate, deny);
        if (deny.Truth == Truth.True || (deny.Truth == Truth.Unknown && deny.Remedies == Remedies.None)) return NaiveDecision.Of(Outcome.Deny, deny);
        if (allow.Truth == Truth.True && deny.Truth == Truth.False) return NaiveDecision.Of(Outcome.Allow, allow);
        if (allow.Truth == Truth.True || (allow.Truth == Truth.Unknown && allow.Remedies != Remedies.None)) return Ask(facts, [allow, deny]);
        return NaiveDecision.Of(Outcome.Deny, allow);
    }

    private static NaiveDecision Ask(Facts facts, IReadOnlyList<Verdict> sides)
    {
        var failed = NaiveCriteria.SessionOf(facts)?.Failed ?? Remedies.None;
        var open = sides.Where(side => side.Truth == Truth.Unknown).ToList();
        var hanging = new Verdict(Truth.Unknown, [.. open.SelectMany(side => side.Reasons)], Remedies.None);
        if (open.Any(side => (side.Remedies & ~failed) == Remedies.None))
            return NaiveDecision.Of(Outcome.Deny, hanging with { Reasons = hanging.Reasons.Add(Reason.StepUpFailed) });

        var remedies = open.Aggregate(Remedies.None, (joined, side) => joined | side.Remedies) & ~failed;
        var outcome = remedies.HasFlag(Remedies.SignIn) ? Outcome.SignIn
            : remedies == Remedies.Device ? Outcome.Device
            : Outcome.StepUp;
        return NaiveDecision.Of(outcome, hanging) with { Remedies = remedies };
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
internal sealed record NaiveDecision(Outcome Outcome, Verdict Deciding)
{
    public Remedies Remedies { get; init; }

    public Verdict Allow { get; init; } = Verdict.Of(Truth.False);

    public Verdict Deny { get; init; } = Verdict.Of(Truth.False);

    public FactKinds Reads { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public static NaiveDecision Of(Outcome outcome, Verdict deciding) => new(outcome, deciding);
}
