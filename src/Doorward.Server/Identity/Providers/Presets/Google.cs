namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>
/// Google accounts and Workspace. No groups in any token. A refresh token comes only with <c>access_type=offline</c>, and after the
/// first time only with <c>prompt=consent</c>; the scope <c>offline_access</c> is refused.
/// </summary>
internal static class Google
{
    public static Preset Preset { get; } = new()
    {
        Name = "google",
        Title = "Google",
        Url = "https://accounts.google.com",
        Scopes = ["openid", "profile", "email"],
        AuthorizationParameters = new Dictionary<string, string> { ["access_type"] = "offline", ["prompt"] = "select_account consent" },
    };
}
