using System.Net.Security;
using System.Security.Authentication;

namespace Doorward.Server.Proxy.Tls;

/// <summary>The TLS parameters of a host: the certificate shown, and what is asked of the client's.</summary>
internal sealed class TlsChoice(ServerCertificate certificate, ClientCertificateSettings? client)
{
    public ServerCertificate Certificate { get; } = certificate;

    public ClientCertificateSettings? Client { get; } = client;

    /// <summary>For connections without client certificates; shared, so that sessions resume.</summary>
    public SslServerAuthenticationOptions Options { get; } = OptionsFor(certificate);

    /// <summary>Whether a connection made for the other carries requests for this as well: browsers use one for all hosts of a certificate.</summary>
    public bool Serves(TlsChoice other) => Certificate.Id == other.Certificate.Id && Client?.Digest == other.Client?.Digest;

    /// <summary>Asks for a certificate. Never resumed: a resumed session brings no chain, and would outlive its check.</summary>
    public SslServerAuthenticationOptions AskingFor(TlsConnection connection)
    {
        var options = OptionsFor(Certificate);
        options.ClientCertificateRequired = true;
        options.AllowTlsResume = false;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => connection.Accept(certificate, chain);
        return options;
    }

    private static SslServerAuthenticationOptions OptionsFor(ServerCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CipherSuitesPolicy = CipherPolicy.AeadOnly,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
    };
}
