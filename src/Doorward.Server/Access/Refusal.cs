using Doorward.Policy;
using Doorward.Server.Routes;

namespace Doorward.Server.Access;

/// <summary>Why a request does not go on.</summary>
internal enum RefusalKind
{
    /// <summary>The policy refuses; nothing the person can do at the door changes it.</summary>
    Denied,

    /// <summary>Nobody has signed in.</summary>
    SignIn,

    /// <summary>Signed in, but not lately or not strongly enough.</summary>
    StepUp,

    /// <summary>A device is needed.</summary>
    Device,

    /// <summary>A client certificate is needed, or the one shown is not good.</summary>
    Certificate,

    /// <summary>The service account is not for this route.</summary>
    WrongRoute,

    /// <summary>No route for this host and path.</summary>
    NoRoute,

    /// <summary>What Doorward knows is older than it may be.</summary>
    Stale,

    /// <summary>The store did not answer in time.</summary>
    Unavailable,

    /// <summary>What it is judged by was replaced again and again while it was looked at.</summary>
    Unsettled,

    /// <summary>A transmitter of signals that the route requires is not heard.</summary>
    Silent,

    /// <summary>The audit trail cannot be written, so nothing guarded goes on.</summary>
    Unaudited,
}

/// <summary>A refusal, as the person, the program or the gRPC client on the other side is told it.</summary>
internal sealed record Refusal(RefusalKind Kind, string RequestId)
{
    public Route? Route { get; init; }

    public Decision Decision { get; init; }

    /// <summary>Each criterion with its verdict; only for people, and only where the route shows it.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>Where signing in, or in again, begins; null where that cannot help.</summary>
    public string? SignInUrl { get; init; }

    /// <summary>The request carried a body that signing in would lose.</summary>
    public bool LosesBody { get; init; }

    /// <summary>The e-mail or name of the person who is signed in; null for a stranger.</summary>
    public string? Person { get; init; }

    /// <summary>Nobody need do anything: asked again in a moment, the answer may be another.</summary>
    public bool HealsByItself => Kind is RefusalKind.Stale or RefusalKind.Unavailable or RefusalKind.Unsettled or RefusalKind.Silent or RefusalKind.Unaudited;

    public int Status => Kind switch
    {
        RefusalKind.SignIn or RefusalKind.StepUp => 401,
        RefusalKind.Device => 450,
        RefusalKind.Certificate => 495,
        RefusalKind.NoRoute => 404,
        _ when HealsByItself => 503,
        _ => 403,
    };

    /// <summary>The code that programs read.</summary>
    public string Code => CodeOf(Kind);

    public static string CodeOf(RefusalKind kind) => kind switch
    {
        RefusalKind.SignIn => "sign-in-required",
        RefusalKind.StepUp => "step-up-required",
        RefusalKind.Device => "device-required",
        RefusalKind.Certificate => "certificate-required",
        RefusalKind.WrongRoute => "wrong-route",
        RefusalKind.NoRoute => "no-route",
        RefusalKind.Stale => "stale",
        RefusalKind.Unavailable => "unavailable",
        RefusalKind.Unsettled => "unsettled",
        RefusalKind.Silent => "signals-silent",
        RefusalKind.Unaudited => "unaudited",
        _ => "denied",
    };

    /// <summary>The kind that has this code; null for none.</summary>
    public static RefusalKind? KindOf(string? code)
    {
        foreach (var kind in Enum.GetValues<RefusalKind>())
            if (CodeOf(kind) == code) return kind;
        return null;
    }

    /// <summary>One sentence for those who read no page.</summary>
    public string Message => Kind switch
    {
        RefusalKind.SignIn => "Sign in first.",
        RefusalKind.StepUp => "Sign in again: this needs a fresh or a stronger sign-in.",
        RefusalKind.Device => "This needs a device that is registered and in order.",
        RefusalKind.Certificate => "This needs a valid client certificate.",
        RefusalKind.WrongRoute => "This service account is not for this route.",
        RefusalKind.NoRoute => "Nothing is published at this address.",
        RefusalKind.Stale => "What is known about your access is too old to rely on. Try again in a moment.",
        RefusalKind.Unavailable => "Your session could not be looked up. Try again in a moment.",
        RefusalKind.Unsettled => "What your access is judged by is just being changed. Try again in a moment.",
        RefusalKind.Silent => "Whoever would tell us that your access has ended is not heard. Try again in a moment.",
        RefusalKind.Unaudited => "The audit trail cannot be written, so nothing is let through. Try again in a moment.",
        _ => "The policy of this route does not let you in.",
    };
}
