namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>GitHub and GitHub Enterprise Server: plain OAuth 2, see <see cref="GitHubProvider"/>.</summary>
internal static class GitHub
{
    public const string PresetName = "github";

    public static Preset Preset { get; } = new()
    {
        Name = PresetName,
        Title = "GitHub",
        Url = "https://github.com",
        Scopes = ["read:user", "user:email", "read:org"],
    };
}
