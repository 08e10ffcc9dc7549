namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>
/// Auth0. Its issuer ends with a slash; claims of one's own must be named by URLs, such as <c>https://example.com/groups</c>; a tenant
/// without the RP-initiated sign-out has its older page.
/// </summary>
internal static class Auth0
{
    public static Preset Preset { get; } = new()
    {
        Name = "auth0",
        Title = "Auth0",
        Issuer = static url => url.EndsWith('/') ? url : url + "/",
        SignOut = static (settings, metadata, back) => metadata.EndSessionEndpoint is not null ? null : new Uri(
            $"{settings.Url!.TrimEnd('/')}/v2/logout?client_id={Uri.EscapeDataString(settings.ClientId)}&returnTo={Uri.EscapeDataString(back.AbsoluteUri)}"),
    };
}
