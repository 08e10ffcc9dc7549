using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>A certificate authority of the test's own.</summary>
internal sealed class TestCa : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-1);
    private int _serial;

    public TestCa(string name = "CN=Test CA") : this(SelfSigned(name))
    {
    }

    private TestCa(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>A certificate for servers and clients alike.</summary>
    public X509Certificate2 Issue(string subject, Action<SubjectAlternativeNameBuilder>? names = null, Action<CertificateRequest>? more = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        more?.Invoke(request);
        return Sign(request, key, notAfter ?? Start.AddDays(300));
    }

    public X509Certificate2 ServerFor(params string[] hosts) => Issue("CN=" + hosts[0], names =>
    {
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
    });

    public TestCa Intermediate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new TestCa(Sign(request, key, Start.AddDays(300)));
    }

    public string RevocationList(DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
            builder.AddEntry(certificate);
        return PemEncoding.WriteString("X509 CRL", builder.Build(Certificate, 1, nextUpdate, HashAlgorithmName.SHA256, thisUpdate: thisUpdate));
    }

    /// <summary>As the configuration would have read it.</summary>
    public static CertificateOptions OptionsOf(string path, X509Certificate2 certificate) => new()
    {
        Cert = new FileText(path, certificate.ExportCertificatePem()),
        Key = new FileText(path + ".key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
    };

    public void Dispose() => Certificate.Dispose();

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Start, Start.AddDays(3000));
    }

    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, DateTimeOffset notAfter)
    {
        var serial = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(Interlocked.Increment(ref _serial) + 1000));
        using var signed = request.Create(Certificate, Start, notAfter, serial);
        return signed.CopyWithPrivateKey(key);
    }
}
