namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>
/// Amazon Cognito. Leaves the groups claim out for people without one, sends <c>email_verified</c> as a text, gives a refresh token
/// without asking and refuses the scope, and signs out by a page of its own on the host of its authorization endpoint.
/// </summary>
internal static class Cognito
{
    public static Preset Preset { get; } = new()
    {
        Name = "cognito",
        Title = "Amazon Cognito",
        Scopes = ["openid", "profile", "email"],
        GroupsClaim = "cognito:groups",
        AbsentGroupsMeanNone = true,
        // Its page takes logout_uri, not the standard's name, and stands on the host of its own domain.
        SignOut = static (settings, metadata, back) => new Uri(
            metadata.AuthorizationEndpoint,
            $"/logout?client_id={Uri.EscapeDataString(settings.ClientId)}&logout_uri={Uri.EscapeDataString(back.AbsoluteUri)}"),
    };
}
