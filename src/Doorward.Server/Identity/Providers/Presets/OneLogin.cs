namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>OneLogin. Groups come with the scope of that name, as one text where there is one; the scope <c>offline_access</c> is refused.</summary>
internal static class OneLogin
{
    public static Preset Preset { get; } = new() { Name = "onelogin", Title = "OneLogin", Scopes = ["openid", "profile", "email", "groups"] };
}
