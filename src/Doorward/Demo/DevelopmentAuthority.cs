using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Demo;

/// <summary>
/// A certificate authority for this machine, made once in a folder. It can vouch for the demo's own hosts and for nothing else, so
/// that trusting it opens no other site to whoever steals its key.
/// </summary>
internal sealed class DevelopmentAuthority(string folder, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    /// <summary>Browsers take at most 398 days from public authorities; staying below is the habit that breaks nowhere.</summary>
    private static readonly TimeSpan ServerLife = TimeSpan.FromDays(365);

    /// <summary>What has less left at a start is made anew: no demo runs that long.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    public string AuthorityFile => Path.Combine(folder, "authority.pem");

    public string CertificateFile => Path.Combine(folder, "server.pem");

    public string KeyFile => Path.Combine(folder, "server.key");

    private string AuthorityKeyFile => Path.Combine(folder, "authority.key");

    /// <summary>Makes what is missing or about to expire.</summary>
    /// <returns>True where the authority itself is new, so that it has to be trusted anew.</returns>
    public bool Prepare()
    {
        using var known = Read(AuthorityFile, AuthorityKeyFile);
        using var authority = known ?? MakeAuthority();
        if (known is null) Write(authority, AuthorityFile, AuthorityKeyFile);
        using var server = Read(CertificateFile, KeyFile);
        if (known is not null && server is not null) return false;
        using var made = MakeServer(authority);
        Write(made, CertificateFile, KeyFile);
        return known is null;
    }

    public X509Certificate2 ServerCertificate()
    {
        using var fromPem = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        // TLS on Windows wants a key that was imported, not one that was made in memory.
        return X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
    }

    private X509Certificate2? Read(string certificateFile, string keyFile)
    {
        if (!File.Exists(certificateFile) || !File.Exists(keyFile)) return null;
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        if (certificate.NotAfter.ToUniversalTime() - RenewBefore > time.GetUtcNow()) return certificate;
        certificate.Dispose();
        return null;
    }

    private X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Doorward demo authority on {Environment.MachineName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(OnlyFor(DemoHosts.Door));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now + AuthorityLife);
    }

    private X509Certificate2 MakeServer(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={DemoHosts.Door}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(DemoHosts.Door);
        names.AddDnsName("*." + DemoHosts.Door);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false)); // server authentication
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        using var certificate = request.Create(authority, now.AddDays(-1), now + ServerLife, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    // RFC 5280 section 4.2.1.10: one permitted subtree, a DNS name and everything below it.
    private static X509Extension OnlyFor(string host)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
            writer.WriteCharacterString(UniversalTagNumber.IA5String, host, new Asn1Tag(TagClass.ContextSpecific, 2));
        return new("2.5.29.30", writer.Encode(), critical: true);
    }

    private static void Write(X509Certificate2 certificate, string certificateFile, string keyFile)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        StateFolder.WritePrivately(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
    }
}
