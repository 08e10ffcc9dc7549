namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>Any provider that keeps to OpenID Connect.</summary>
internal static class OpenId
{
    public static Preset Preset { get; } = new() { Name = "oidc", Title = "OpenID Connect" };
}
