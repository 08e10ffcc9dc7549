namespace Doorward.Policy.Evaluation;

/// <summary>From what the rules say to what is done: the steps told at <see cref="EffectivePolicy.Decide"/>, in their order.</summary>
internal static class DecisionSteps
{
    private static readonly ReasonSet Locked = ReasonSet.Of(Reason.Locked);
    private static readonly ReasonSet Ended = ReasonSet.Of(Reason.Ended);
    private static readonly ReasonSet StepUpFailed = ReasonSet.Of(Reason.StepUpFailed);
    private static readonly ReasonSet CertificateTrouble = ReasonSet.Of(Reason.ClientCertificateRequired) | ReasonSet.Of(Reason.InvalidClientCertificate);

    /// <summary>Whether a lock or an end denies whatever the rules say.</summary>
    public static bool IsOver(Facts facts, out ReasonSet reasons)
    {
        reasons = facts.Locks.Matches(facts) ? Locked
            : facts.Person is { } person && (!person.Active || person.EndDate <= facts.Now) ? Ended
            : ReasonSet.None;
        return reasons != ReasonSet.None;
    }

    public static Step Decide(in Side allow, in Side deny, Remedies failed)
    {
        if (deny.Truth == Truth.True && deny.Verdict.Reasons.Overlaps(CertificateTrouble)) return Of(Outcome.Certificate, deny);
        if (deny.Truth == Truth.True || (deny.Truth == Truth.Unknown && deny.Verdict.Remedies == Remedies.None)) return Of(Outcome.Deny, deny);
        if (allow.Truth == Truth.True && deny.Truth == Truth.False) return Of(Outcome.Allow, allow);
        if (allow.Truth == Truth.True) return Ask(deny, failed);
        if (allow.Truth == Truth.Unknown && allow.Verdict.Remedies != Remedies.None)
            return deny.Truth == Truth.Unknown ? Ask(Ask(allow, failed), Ask(deny, failed)) : Ask(allow, failed);
        return Of(Outcome.Deny, allow);
    }

    private static Step Of(Outcome outcome, in Side side) => new(outcome, side.Verdict.Reasons, Remedies.None, side.Rules);

    private static Step Ask(in Side side, Remedies failed)
    {
        var left = side.Verdict.Remedies & ~failed;
        return left == Remedies.None
            ? new Step(Outcome.Deny, side.Verdict.Reasons | StepUpFailed, Remedies.None, side.Rules)
            : new Step(Asking(left), side.Verdict.Reasons, left, side.Rules);
    }

    private static Step Ask(in Step allow, in Step deny)
    {
        var (reasons, rules) = (allow.Reasons | deny.Reasons, allow.Rules.Union(deny.Rules));
        return allow.Outcome == Outcome.Deny || deny.Outcome == Outcome.Deny
            ? new Step(Outcome.Deny, reasons, Remedies.None, rules)
            : new Step(Asking(allow.Remedies | deny.Remedies), reasons, allow.Remedies | deny.Remedies, rules);
    }

    /// <summary>The first of sign-in, step-up and device that a remedy calls for.</summary>
    private static Outcome Asking(Remedies remedies) =>
        (remedies & Remedies.SignIn) != 0 ? Outcome.SignIn :
        (remedies & (Remedies.FreshSignIn | Remedies.StrongerAuthentication)) != 0 ? Outcome.StepUp :
        Outcome.Device;
}

/// <summary>What the steps came to.</summary>
internal readonly record struct Step(Outcome Outcome, ReasonSet Reasons, Remedies Remedies, RuleSet Rules);
