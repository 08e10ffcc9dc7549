using Doorward.Policy;

namespace Doorward.Server.Access;

/// <summary>Why Doorward ends a connection that it had let through: what its client is told, and what the record says.</summary>
/// <param name="Kind">What a new request of the same kind would be told.</param>
/// <param name="Cause">What changed, such as <c>session ended</c>.</param>
/// <param name="Rule">What denies now: a policy's rule or a reason's code.</param>
/// <param name="RequestId">Joins page, log, record and what the client is told.</param>
/// <param name="Since">When this node heard of the change, by the injected clock's timestamp.</param>
internal sealed record Ending(RefusalKind Kind, string Cause, string Rule, string RequestId, long Since)
{
    /// <summary>What the policy said; nothing where it was not asked.</summary>
    public ReasonSet Reasons { get; init; }

    /// <summary>Signing in, or in again, could open it anew.</summary>
    public bool SignInHelps => Kind is RefusalKind.SignIn or RefusalKind.StepUp;

    /// <summary>It ends because too little is known, not because something was taken away.</summary>
    public bool IsOutage => Kind is RefusalKind.Stale or RefusalKind.Unavailable or RefusalKind.Silent;

    public string Code => Refusal.CodeOf(Kind);

    /// <summary>One sentence for inside the stream; at most 123 bytes, as a WebSocket's close frame holds (RFC 6455, 5.5).</summary>
    public string Message => Kind switch
    {
        RefusalKind.SignIn => "Your session has ended. Sign in again.",
        RefusalKind.StepUp => "Sign in again to go on: this needs a fresh or a stronger sign-in.",
        RefusalKind.Device => "This needs a device that is registered and in order.",
        RefusalKind.Certificate => "This needs a valid client certificate.",
        RefusalKind.WrongRoute => "This service account is no longer for this route.",
        RefusalKind.NoRoute => "Nothing is published at this address any more.",
        RefusalKind.Silent => "Whoever would tell that your access has ended is not heard. Try again in a moment.",
        RefusalKind.Stale or RefusalKind.Unavailable => "What is known about your access is too old to rely on. Try again in a moment.",
        _ when Reasons.Has(Reason.Locked) => "Access is locked. " + Explanation.NextWhenLocked,
        _ when Reasons.Has(Reason.Ended) => "Your access has ended. " + Explanation.NextWhenEnded,
        _ when Reasons.Has(Reason.DeviceUnauthorized) => "Your device is not in order, or not any more.",
        _ when Reasons.Has(Reason.GroupsUnauthorized) => "You are not, or no longer, in a group that this is open to.",
        _ => "The policy of this route does not let you in any more.",
    };

    /// <summary>As the record of the connection's end says it.</summary>
    public string Told(TimeSpan after) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Cause}: {Code}, {Rule}, after {after.TotalMilliseconds:F0} ms");
}
