using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Proxy.Tls;

/// <summary>What was agreed when a connection was made, and the certificate that the client showed. A feature of the connection.</summary>
/// <param name="serverName">The host that the client named, in its one spelling; null for none.</param>
internal sealed class TlsConnection(string? serverName, TlsChoice choice, TimeProvider time)
{
    private X509Certificate2? _leaf;
    private X509Certificate2Collection _intermediates = [];
    private volatile Remembered? _remembered;

    public string? ServerName { get; } = serverName;

    public TlsChoice Choice { get; } = choice;

    /// <summary>Keeps what the client showed. Only <c>reject_connection</c> refuses here; otherwise the policy does, with a page that says why.</summary>
    public bool Accept(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not null)
        {
            // Copies: the originals end with the handshake.
            _leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            if (chain is not null)
                _intermediates = [.. chain.ChainPolicy.ExtraStore.Select(other => X509CertificateLoader.LoadCertificate(other.RawData))];
        }

        return Choice.Client is not { Enforcement: Routes.Options.Enforcement.RejectConnection } settings || Check(settings) is { Facts.Valid: true };
    }

    /// <summary>What the certificate is worth under these settings, now; null where none was shown. Remembered while it holds.</summary>
    public CheckedCertificate? Check(ClientCertificateSettings settings)
    {
        if (_leaf is null)
            return null;
        var now = time.GetUtcNow();
        if (_remembered is { } known && known.Settings == settings && now < known.Checked.ValidUntil && now >= known.At)
            return known.Checked;
        var result = ClientCertificateCheck.Check(_leaf, _intermediates, settings, now);
        _remembered = new(settings, result, now);
        return result;
    }

    private sealed record Remembered(ClientCertificateSettings Settings, CheckedCertificate Checked, DateTimeOffset At);
}
