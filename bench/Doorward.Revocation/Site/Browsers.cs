using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Revocation.Site;

/// <summary>How people's browsers reach one node: over TLS, and they check its certificate.</summary>
internal static class Browsers
{
    public static SocketsHttpHandler Handler(int port, string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return new()
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new() { CertificateChainPolicy = policy },
            EnableMultipleHttp2Connections = true,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
    }
}
