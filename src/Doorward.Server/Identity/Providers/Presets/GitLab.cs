namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>GitLab. The id token names only direct groups (<c>groups_direct</c>), the user info all of them; a refresh token comes without asking.</summary>
internal static class GitLab
{
    public static Preset Preset { get; } = new() { Name = "gitlab", Title = "GitLab", Url = "https://gitlab.com", Scopes = ["openid", "profile", "email"] };
}
