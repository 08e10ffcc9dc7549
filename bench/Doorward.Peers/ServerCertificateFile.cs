using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>One certificate for whoever speaks TLS in this run: P-256, as a public authority would give today.</summary>
internal static class ServerCertificateFile
{
    /// <summary>Writes <c>tls.pem</c> and <c>tls.key</c>.</summary>
    public static void Write(Workspace work)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={DoorwardPeer.Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("door.localhost");
        names.AddDnsName("*.door.localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        work.Write("tls.pem", certificate.ExportCertificatePem());
        work.Write("tls.key", key.ExportPkcs8PrivateKeyPem());
    }
}
