using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Identity.Providers;

namespace Doorward.Demo;

/// <summary>How the demo's other parts reach Doorward: its names are this machine's, its certificate is of the demo's own authority.</summary>
internal static class DoorClient
{
    /// <param name="authorities">Who may vouch for Doorward's certificate; null for the system's.</param>
    public static HttpClient Create(X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler { ConnectCallback = (context, cancel) => Outbound.Connect(context.DnsEndPoint, cancel), UseProxy = false };
        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        return new(handler) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1024 * 1024 };
    }
}
