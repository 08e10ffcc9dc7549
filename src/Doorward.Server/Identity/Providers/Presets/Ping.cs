namespace Doorward.Server.Identity.Providers.Presets;

/// <summary>PingOne and PingFederate. Groups come once an attribute mapping sends them; PingFederate's common mapping calls the e-mail <c>mail</c>.</summary>
internal static class Ping
{
    public static Preset Preset { get; } = new() { Name = "ping", Title = "Ping Identity", EmailClaims = ["email", "mail"] };
}
