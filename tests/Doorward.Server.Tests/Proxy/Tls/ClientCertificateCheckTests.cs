using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Doorward.Policy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy.Tls;

public sealed class ClientCertificateCheckTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public void A_certificate_of_the_authority_is_valid_and_no_other()
    {
        using var other = new TestCa();
        Assert.True(IsValid(_ca.Issue("CN=ada"), new()));
        Assert.False(IsValid(other.Issue("CN=ada"), new()));
        Assert.False(IsValid(_ca.Issue("CN=ada", notAfter: Now.AddSeconds(-1)), new()));
        Assert.False(IsValid(_ca.Issue("CN=ada"), new(), Now.AddDays(-30)));
    }

    [Fact]
    public void What_may_only_serve_is_no_client()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        Assert.False(IsValid(request.Create(_ca.Certificate, Now.AddDays(-1), Now.AddDays(1), [1]), new()));
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, false)]
    [InlineData(0, 2, true)]
    public void The_chain_is_no_longer_than_allowed(int depth, int intermediates, bool valid)
    {
        var issuer = _ca;
        var chain = new X509Certificate2Collection();
        for (var i = 0; i < intermediates; i++)
        {
            issuer = issuer.Intermediate($"CN=Intermediate {i}");
            chain.Add(issuer.Certificate);
        }

        Assert.Equal(valid, IsValid(issuer.Issue("CN=ada"), new() { MaxVerifyDepth = depth }, chain: chain));
    }

    [Fact]
    [Trait("advisory", "185")]
    public void A_leaf_is_no_authority()
    {
        var leaf = _ca.Issue("CN=leaf");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=below", key, HashAlgorithmName.SHA256);
        var below = request.Create(leaf.SubjectName, X509SignatureGenerator.CreateForECDsa(leaf.GetECDsaPrivateKey()!), Now.AddDays(-1), Now.AddDays(1), [1]);
        Assert.False(IsValid(below, new() { MaxVerifyDepth = 0 }, chain: [leaf]));
    }

    [Theory]
    [InlineData("email", "ada@example[.]test", true)]
    [InlineData("email", "ada@example", false)]
    [InlineData("email", "da@example[.]test", false)]
    [InlineData("dns", "[a-z]+[.]example[.]test", true)]
    [InlineData("uri", "spiffe://example[.]test/.*", true)]
    [InlineData("ip", "10[.]1[.].*", true)]
    [InlineData("upn", ".*@corp[.]test", true)]
    [InlineData("upn", "ada@example[.]test", false)]
    [InlineData("email", "x|ada@example[.]test", true)]
    public void A_name_rule_matches_whole_names_of_its_kind(string kind, string pattern, bool valid)
    {
        var certificate = _ca.Issue("CN=ada", names =>
        {
            names.AddEmailAddress("ada@example.test");
            names.AddDnsName("laptop.example.test");
            names.AddUri(new Uri("spiffe://example.test/ada"));
            names.AddIpAddress(System.Net.IPAddress.Parse("10.1.2.3"));
            names.AddUserPrincipalName("ada@corp.test");
        });
        SubjectAltNameOptions rule = kind switch
        {
            "email" => new() { Email = pattern },
            "dns" => new() { Dns = pattern },
            "uri" => new() { Uri = pattern },
            "ip" => new() { IpAddress = pattern },
            _ => new() { UserPrincipalName = pattern },
        };
        Assert.Equal(valid, IsValid(certificate, new() { MatchSubjectAltNames = [rule] }));
    }

    [Fact]
    [Trait("advisory", "61")]
    public void A_name_with_a_NUL_in_it_makes_the_certificate_invalid()
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
            names.WriteCharacterString(UniversalTagNumber.IA5String, "admin.example.test\0.evil", new Asn1Tag(TagClass.ContextSpecific, 2));
        var certificate = _ca.Issue("CN=eve", more: request => request.CertificateExtensions.Add(new X509Extension("2.5.29.17", names.Encode(), false)));
        var found = Check(certificate, new(), Now);
        Assert.False(found.Facts.Valid);
        Assert.Empty(found.Facts.SanDns);
    }

    [Fact]
    [Trait("advisory", "215")]
    public void Only_a_current_list_of_the_issuer_that_does_not_name_the_certificate_lets_it_pass()
    {
        var ada = _ca.Issue("CN=ada");
        var eve = _ca.Issue("CN=eve");
        using var other = new TestCa("CN=Other CA");
        using var sameName = new TestCa();
        var current = _ca.RevocationList(Now.AddHours(-1), Now.AddHours(1), eve);
        Assert.True(IsValid(ada, new() { Crl = new Pem(current) }));
        Assert.False(IsValid(eve, new() { Crl = new Pem(current) }));
        Assert.True(IsValid(ada, new() { Crl = new Pem(_ca.RevocationList(Now.AddDays(-9), Now.AddDays(-8)) + "\n" + current) }));
        foreach (var unusable in (string[])
            [
                "", "nonsense", _ca.RevocationList(Now.AddDays(-9), Now.AddDays(-8)), _ca.RevocationList(Now.AddHours(1), Now.AddDays(1)),
                other.RevocationList(Now.AddHours(-1), Now.AddHours(1)), sameName.RevocationList(Now.AddHours(-1), Now.AddHours(1)),
            ])
            Assert.False(IsValid(ada, new() { Crl = new Pem(unusable) }), unusable);
    }

    [Fact]
    public void An_altered_list_counts_for_nothing()
    {
        var ada = _ca.Issue("CN=ada");
        var list = Convert.FromBase64String(string.Concat(_ca.RevocationList(Now.AddHours(-1), Now.AddHours(1), ada).Split('\n')[1..^1]));
        for (var i = 0; i < list.Length; i++)
        {
            var altered = (byte[])list.Clone();
            altered[i] ^= 1;
            Assert.False(IsValid(ada, new() { Crl = new Pem(PemEncoding.WriteString("X509 CRL", altered)) }));
        }
    }

    [Fact]
    public void A_check_holds_until_the_list_or_the_certificate_ends()
    {
        var end = new DateTimeOffset(Now.Year, Now.Month, Now.Day, Now.Hour, Now.Minute, 0, TimeSpan.Zero).AddHours(1);
        Assert.Equal(end, Check(_ca.Issue("CN=ada"), new() { Crl = new Pem(_ca.RevocationList(Now.AddHours(-1), end)) }, Now).ValidUntil);
        Assert.Equal(end, Check(_ca.Issue("CN=ada", notAfter: end), new(), Now).ValidUntil);
    }

    private bool IsValid(X509Certificate2 certificate, MutualTlsOptions options, DateTimeOffset? at = null, X509Certificate2Collection? chain = null) =>
        Check(certificate, options, at ?? Now, chain).Facts.Valid;

    private CheckedCertificate Check(X509Certificate2 certificate, MutualTlsOptions options, DateTimeOffset at, X509Certificate2Collection? chain = null)
    {
        var settings = ClientCertificateSettings.Read(options with { Ca = new Pem(_ca.Pem) }, new List<Problem>(), default)!;
        return ClientCertificateCheck.Check(certificate, chain ?? [], settings, at);
    }
}
