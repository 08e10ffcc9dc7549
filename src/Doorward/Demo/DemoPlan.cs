namespace Doorward.Demo;

/// <summary>Where everything of one demo listens.</summary>
/// <param name="Http">Without TLS; loopback only, as everything of the demo.</param>
/// <param name="DoorPort">Doorward.</param>
/// <param name="IdpPort">The practice identity provider.</param>
/// <param name="AppPort">The sample app behind Doorward; plain HTTP.</param>
/// <param name="HealthPort">Doorward's health.</param>
internal sealed record DemoPlan(bool Http, int DoorPort, int IdpPort, int AppPort, int HealthPort)
{
    /// <summary>The client id under which the practice provider knows Doorward.</summary>
    public const string ClientId = "doorward";

    /// <summary>What Doorward calls the practice provider, as a provider, a directory and a transmitter.</summary>
    public const string ProviderName = "practice";

    public string Scheme => Http ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;

    public Uri Door => new UriBuilder(Scheme, DemoHosts.Door, DoorPort).Uri;

    public Uri Idp => new UriBuilder(Scheme, DemoHosts.Idp, IdpPort).Uri;

    /// <summary>As people open it.</summary>
    public Uri App(string host) => new UriBuilder(Scheme, host, DoorPort).Uri;

    public static DemoPlan Make(bool http, Ports ports) => new(
        http,
        ports.Take(http ? 8080 : 8443, "Doorward"),
        ports.Take(http ? 8081 : 8444, "the practice identity provider"),
        ports.Take(8090, "the sample app"),
        ports.Take(28080, "Doorward's health"));
}
