using Doorward.Policy;

namespace Doorward.Server.Audit;

/// <summary>Values as records spell them. A spelling never changes: old records must stay readable.</summary>
internal static class Words
{
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Allow => "allow",
        Outcome.SignIn => "sign-in",
        Outcome.StepUp => "step-up",
        Outcome.Device => "device",
        Outcome.Certificate => "certificate",
        _ => "deny",
    };

    public static string Of(EndedBy ended) => ended switch
    {
        EndedBy.Client => "client",
        EndedBy.Upstream => "upstream",
        _ => "doorward",
    };

    public static string Of(EventKind kind) => kind switch
    {
        EventKind.SignIn => "sign-in",
        EventKind.SignOut => "sign-out",
        EventKind.Refresh => "refresh",
        EventKind.Signal => "signal",
        EventKind.Administration => "administration",
        EventKind.Configuration => "configuration",
        EventKind.Session => "session",
        EventKind.Refusals => "refusals",
        EventKind.Health => "health",
        _ => "audit",
    };
}
