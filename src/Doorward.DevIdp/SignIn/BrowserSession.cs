namespace Doorward.DevIdp.SignIn;

/// <summary>One person signed in here in one browser.</summary>
/// <param name="Id">The <c>sid</c> that clients learn; not the cookie.</param>
/// <param name="UserName">Who.</param>
/// <param name="AuthTime">When they last typed a password.</param>
/// <param name="Acr">How strongly: one of <see cref="AuthenticationLevel"/>.</param>
/// <param name="Amr">By which methods.</param>
internal sealed record BrowserSession(string Id, string UserName, DateTimeOffset AuthTime, string Acr, IReadOnlyList<string> Amr);

/// <summary>The values of <c>acr</c>, in the order of strength.</summary>
internal static class AuthenticationLevel
{
    public const string Password = "password";
    public const string MultiFactor = "mfa";

    public static IReadOnlyList<string> All { get; } = [Password, MultiFactor];

    public static bool Reaches(string acr, string asked) => acr == MultiFactor || asked != MultiFactor;
}
