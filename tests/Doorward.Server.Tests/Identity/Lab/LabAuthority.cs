using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>A certificate authority that vouches for any host, so that tests can use providers' real addresses on this machine.</summary>
internal sealed class LabAuthority
{
    private static readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1), _to = DateTimeOffset.UtcNow.AddDays(1);

    private readonly X509Certificate2 _root;
    private readonly ConcurrentDictionary<string, X509Certificate2> _leaves = new();

    public LabAuthority()
    {
        var request = new CertificateRequest("CN=lab authority", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(_from, _to);
    }

    public string Pem => _root.ExportCertificatePem();

    public X509Certificate2 For(string host) => _leaves.GetOrAdd(host, name => Issue(name));

    public X509Certificate2 Issue(params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts) names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var leaf = request.Create(_root, _from, _to, RandomNumberGenerator.GetBytes(8));
        return leaf.CopyWithPrivateKey(key);
    }
}
