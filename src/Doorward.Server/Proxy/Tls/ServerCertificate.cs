using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Proxy.Tls;

/// <summary>A certificate of ours with its key, and the hosts it is for.</summary>
/// <param name="Id">The file's path: it stays the same when the file gets a new certificate.</param>
/// <param name="Digest">Of what it was read from: a reload that finds the same reads nothing anew.</param>
internal sealed record ServerCertificate(string Id, string Digest, SslStreamCertificateContext Context, IReadOnlyList<HostPattern> Hosts, DateTimeOffset NotAfter)
{
    public static string DigestOf(string certificatePem, string keyPem) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(certificatePem + '\0' + keyPem)));

    /// <summary>Reads PEM; throws <see cref="CryptographicException"/> where it is none, or where key and certificate do not belong together.</summary>
    public static ServerCertificate Load(string id, string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        // Offline: to fetch intermediates from the network is not a server's business.
        var context = SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true);
        return new(id, DigestOf(certificatePem, keyPem), context, CertificateHosts.Of(certificate), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
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
