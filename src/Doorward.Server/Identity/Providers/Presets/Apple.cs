namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>
/// Sign in with Apple. The answer is posted by Apple's page; the name comes beside the code, once, signed by nobody; the client secret is a
/// token that we sign; there is neither user info nor a sign-out.
/// </summary>
internal static class Apple
{
    private const string Issuer = "https://appleid.apple.com";

    public static Preset Preset { get; } = new()
    {
        Name = "apple",
        Title = "Apple",
        Url = Issuer,
        Scopes = ["openid", "name", "email"],
        AuthorizationParameters = new Dictionary<string, string> { ["response_mode"] = "form_post" },
        FormPost = true,
        Secret = static (settings, now) => ClientProof.Assertion(settings, settings.TeamId!, Issuer, now),
    };
}
