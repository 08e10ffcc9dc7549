namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>Okta. Groups come with the scope of that name, once a groups claim is configured there; so does the device's id.</summary>
internal static class Okta
{
    public static Preset Preset { get; } = new() { Name = "okta", Title = "Okta", Scopes = ["openid", "profile", "email", "groups", "offline_access"], DeviceClaim = "device_id" };
}
