using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Proxy.Tls;

/// <summary>A certificate of ours with its key, and the hosts it is for.</summary>
/// <param name="Id">The file's path: it stays the same when the file gets a new certificate.</param>
internal sealed record ServerCertificate(string Id, SslStreamCertificateContext Context, IReadOnlyList<HostPattern> Hosts, DateTimeOffset NotAfter)
{
    /// <summary>Reads PEM; throws <see cref="CryptographicException"/> where it is none, or where key and certificate do not belong together.</summary>
    public static ServerCertificate Load(string id, string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        // Offline: to fetch intermediates from the network is not a server's business.
        var context = SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true);
        return new(id, context, CertificateHosts.Of(certificate), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
    }

    public bool Covers(string host)
    {
        foreach (var pattern in Hosts)
        {
            if (pattern.Overlaps(new HostPattern(HostPatternKind.Exact, host)))
                return true;
        }

        return false;
    }
}
