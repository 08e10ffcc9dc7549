using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>The rules of all policies and guardrails of a route, compiled.</summary>
internal sealed class CompiledPolicy
{
    private readonly CompiledRule[][] _allow;
    private readonly CompiledRule[] _deny;
    private readonly ITimed[] _timed;
    private readonly bool _aboutPerson;

    /// <param name="policies">The rules of each policy, with their index.</param>
    /// <param name="guardrails">The guardrails' deny rules, with their index.</param>
    public CompiledPolicy(IReadOnlyList<IReadOnlyList<(int Index, Rule Rule)>> policies, IReadOnlyList<(int Index, Rule Rule)> guardrails)
    {
        _allow = [.. policies.Select(policy => Compile(policy, RuleAction.Allow))];
        _deny = Compile([.. policies.SelectMany(policy => policy), .. guardrails], RuleAction.Deny);
        _timed = [.. _allow.SelectMany(policy => policy).Concat(_deny).SelectMany(rule => rule.Timed)];
        var criteria = policies.SelectMany(policy => policy).Concat(guardrails).SelectMany(rule => rule.Rule.Operations).SelectMany(operation => operation.Criteria).ToList();
        Reads = criteria.Aggregate(FactKinds.Lock, (reads, criterion) => reads | criterion.Reads);
        _aboutPerson = criteria.Any(criterion => criterion.AboutPerson);
    }

    public FactKinds Reads { get; }

    public Decision Decide(Facts facts)
    {
        var known = new Known(facts);
        var allow = Side.Allow(_allow, known);
        var deny = Side.Or(_deny, known);
        var over = DecisionSteps.IsOver(facts, out var reasons);
        var step = over ? new Step(Outcome.Deny, reasons, Remedies.None, RuleSet.None) : DecisionSteps.Decide(allow, deny, known.Session?.Failed ?? Remedies.None);
        return new Decision
        {
            Outcome = step.Outcome,
            Allow = allow.Truth,
            Deny = deny.Truth,
            Reasons = step.Reasons,
            AllowReasons = allow.Verdict.Reasons,
            DenyReasons = deny.Verdict.Reasons,
            Remedies = step.Remedies,
            Reads = Reads,
            ValidUntil = over ? null : ValidUntil(known),
            Rules = step.Rules,
        };
    }

    private DateTimeOffset? ValidUntil(in Known known)
    {
        var (now, next) = (known.Now, ITimed.Never);
        foreach (var timed in _timed) next = Math.Min(next, timed.NextChange(known));
        if (_aboutPerson && known.Session?.Expires is { } expires) next = Math.Min(next, expires.UtcTicks);
        if (known.Facts.Person?.EndDate is { } end && end.UtcTicks > now) next = Math.Min(next, end.UtcTicks);
        return next == ITimed.Never ? null : new DateTimeOffset(next, TimeSpan.Zero);
    }

    private static CompiledRule[] Compile(IEnumerable<(int Index, Rule Rule)> rules, RuleAction action) =>
        [.. rules.Where(rule => rule.Rule.Action == action).Select(rule => CompiledRule.Compile(rule.Index, rule.Rule))];
}
