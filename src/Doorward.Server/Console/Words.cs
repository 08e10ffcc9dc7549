using Doorward.Policy;

namespace Doorward.Server.Console;

/// <summary>The engine's values as they are written in case files and in output.</summary>
internal static class Words
{
    public static IReadOnlyDictionary<string, Remedies> Remedies { get; } = new Dictionary<string, Remedies>
    {
        ["sign-in"] = Policy.Remedies.SignIn,
        ["fresh-sign-in"] = Policy.Remedies.FreshSignIn,
        ["stronger-authentication"] = Policy.Remedies.StrongerAuthentication,
        ["device"] = Policy.Remedies.Device,
    };

    public static IReadOnlyDictionary<string, Outcome> Outcomes { get; } = new Dictionary<string, Outcome>
    {
        ["allow"] = Outcome.Allow,
        ["deny"] = Outcome.Deny,
        ["sign-in"] = Outcome.SignIn,
        ["step-up"] = Outcome.StepUp,
        ["device"] = Outcome.Device,
        ["certificate"] = Outcome.Certificate,
    };

    public static IReadOnlyDictionary<string, LockKind> Locks { get; } = new Dictionary<string, LockKind>
    {
        ["address"] = LockKind.Address,
        ["route"] = LockKind.Route,
        ["session"] = LockKind.Session,
        ["person"] = LockKind.Person,
        ["group"] = LockKind.Group,
        ["device"] = LockKind.Device,
    };

    public static string Of(Outcome outcome) => Outcomes.First(word => word.Value == outcome).Key;

    public static string Of(Truth truth) => truth switch { Truth.True => "true", Truth.False => "false", _ => "unknown" };

    public static IReadOnlyList<string> Of(Remedies remedies) =>
        [.. Remedies.Where(word => remedies.HasFlag(word.Value)).Select(word => word.Key)];

    public static string? Of(DateTimeOffset? instant) => instant?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", null);
}
