using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>TLS towards the upstream. Certificates are read once here, so that a wrong one is told before the first request.</summary>
internal sealed class UpstreamTlsBuilder(Findings findings)
{
    public UpstreamTls Build(RouteOptions options, IReadOnlyList<Destination> destinations)
    {
        if (options.TlsCustomCa is { } ca && !Certificates.IsAuthority(ca.Value))
            findings.Error("DW2035", "«tls_custom_ca» holds no certificate.", "Put the authority's certificates there, in PEM.", options.At(nameof(options.TlsCustomCa)));
        if (options.TlsClientCert is null != options.TlsClientKey is null)
            findings.Error("DW2035", "«tls_client_cert» and «tls_client_key» come together.", "Write both, or neither.",
                options.At(options.TlsClientCert is null ? nameof(options.TlsClientKey) : nameof(options.TlsClientCert)));
        else if (options.TlsClientCert is { } cert && Certificates.Mistake(cert.Value, options.TlsClientKey!.Value) is { } mistake)
            findings.Error("DW2035", $"The client certificate cannot be used: {mistake}.", "Put a certificate and its own key there, in PEM, without a passphrase.", options.At(nameof(options.TlsClientCert)));
        if (options.TlsSkipVerify && options.TlsCustomCa is not null)
            findings.Error("DW2036", "«tls_skip_verify» makes «tls_custom_ca» meaningless.", "Remove «tls_skip_verify».", options.At(nameof(options.TlsSkipVerify)));
        else if (options.TlsSkipVerify)
            findings.Warn("DW2036", "The upstream's certificate is not checked.", "Write «tls_custom_ca_file» with the authority that signed it.", options.At(nameof(options.TlsSkipVerify)));
        if (destinations.All(destination => destination.Address.Scheme != "https")
            && (options.TlsSkipVerify || options.TlsCustomCa is not null || options.TlsClientCert is not null || options.TlsUpstreamServerName is not null))
            findings.Warn("DW2037", "TLS to the upstream is configured, and no «to» begins with https://.", "Write https:// there, or remove the «tls_...» keys.", options.At(nameof(options.To)));
        return new(options.TlsUpstreamServerName, options.TlsSkipVerify, options.TlsCustomCa?.Value, options.TlsClientCert?.Value, options.TlsClientKey?.Value);
    }
}
