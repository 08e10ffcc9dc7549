using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Routes;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Opens connections to upstreams. TLS is done here, not by the HTTP client, because that takes the server name from the Host header,
/// which with a preserved host is the client's choice.
/// </summary>
internal sealed class UpstreamConnector
{
    private readonly UpstreamTls _tls;
    private readonly SslStreamCertificateContext? _clientCertificate;
    private readonly X509Certificate2Collection? _authorities;

    public UpstreamConnector(UpstreamTls tls)
    {
        _tls = tls;
        if (tls.CaPem is { } ca)
        {
            _authorities = [];
            _authorities.ImportFromPem(ca);
        }

        if (tls is { ClientCertificatePem: { } certificate, ClientKeyPem: { } key })
        {
            var intermediates = new X509Certificate2Collection();
            intermediates.ImportFromPem(certificate);
            _clientCertificate = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), intermediates, offline: true);
        }
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        // Resolved once, and connected to what was found.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        InlineSockets.Take(socket);
        try
        {
            var target = context.DnsEndPoint;
            if (IsLocal(target.Host))
                await socket.ConnectAsync([IPAddress.Loopback, IPAddress.IPv6Loopback], target.Port, cancel);
            else
                await socket.ConnectAsync(target, cancel);
            var (stream, first) = (new UpstreamStream(new NetworkStream(socket, ownsSocket: true)), context.InitialRequestMessage);
            if (first.RequestUri?.Scheme != Uri.UriSchemeHttps)
            {
                // Without TLS nothing is negotiated: HTTP/2 is spoken where nothing less will do.
                stream.HearsOut = first is not { Version.Major: >= 2, VersionPolicy: not HttpVersionPolicy.RequestVersionOrLower };
                return stream;
            }
            var secured = await AuthenticateAsync(stream, target.Host, first, cancel);
            stream.HearsOut = secured.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2;
            return secured;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // RFC 6761, 6.3; glibc resolves localhost, but no name below it.
    private static bool IsLocal(string host) => host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private async ValueTask<SslStream> AuthenticateAsync(Stream stream, string host, HttpRequestMessage first, CancellationToken cancel)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _tls.ServerName ?? host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = Protocols(first),
            ClientCertificateContext = _clientCertificate,
        };
        if (_authorities is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

#pragma warning disable CA5359 // The operator asked for it, in so many words: tls_skip_verify.
        if (_tls.SkipVerify)
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(options, cancel);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the HTTP client itself would offer them.</summary>
    private static List<SslApplicationProtocol> Protocols(HttpRequestMessage request)
    {
        if (request.Version.Major < 2)
            return [SslApplicationProtocol.Http11];
        return request.VersionPolicy == HttpVersionPolicy.RequestVersionOrLower
            ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
            : [SslApplicationProtocol.Http2];
    }
}
