using System.Net;
using System.Net.Sockets;

namespace Doorward.Server.Identity.Providers;

/// <summary>Opens a connection to a provider. The seam for refusing private addresses where a tenant, not the operator, wrote the URL.</summary>
internal delegate ValueTask<Stream> OutboundConnect(DnsEndPoint to, CancellationToken cancel);

internal static class Outbound
{
    /// <summary>Connects as the system resolves, except that names under localhost are this machine (RFC 6761 section 6.3; glibc knows only the bare name).</summary>
    public static async ValueTask<Stream> Connect(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IsLocal(to.Host) ? new DnsEndPoint("localhost", to.Port) : to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether secrets may travel to this URL: TLS, or, for trying out, this machine.</summary>
    public static bool IsSecure(Uri url, bool allowLocalHttp) =>
        url.IsAbsoluteUri
        && url.UserInfo.Length == 0
        && url.Fragment.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (allowLocalHttp && url.Scheme == Uri.UriSchemeHttp && (url.IsLoopback || IsLocal(url.Host))));

    private static bool IsLocal(string host) => host == "localhost" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
