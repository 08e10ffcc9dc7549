using System.Net.Security;
using System.Security.Authentication;
using Doorward.Policy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy.Tls;

public sealed class CertificatesTests : IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Theory]
    [InlineData("app.test", "CN=app.test")]
    [InlineData("APP.Test", "CN=app.test")]
    [InlineData("app.test.", "CN=app.test")]
    [InlineData("a.wild.test", "CN=*.wild.test")]
    [InlineData("exact.wild.test", "CN=exact.wild.test")]
    [InlineData("", "CN=default.test")]
    [InlineData("a.b.wild.test", null)]
    [InlineData("wild.test", null)]
    [InlineData("other.test", null)]
    [Trait("advisory", "105")]
    [Trait("advisory", "54")]
    public async Task A_name_gets_its_certificate_and_a_strange_one_gets_none(string name, string? subject)
    {
        await using var door = await OpenAsync();
        if (subject is null)
        {
            Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, name));
            return;
        }

        await using var client = await TlsClient.ConnectAsync(door.HttpsPort, name);
        Assert.Equal(subject, client.Certificate.Subject);
    }

    [Theory]
    [InlineData("app.test", "app.test", 200)]
    [InlineData("app.test", "second.test", 200)]
    [InlineData("app.test", "APP.test.", 200)]
    [InlineData("app.test", "a.wild.test", 421)]
    [InlineData("app.test", "unknown.test", 421)]
    [InlineData("a.wild.test", "b.wild.test", 200)]
    [InlineData("", "default.test", 200)]
    [InlineData("", "app.test", 421)]
    [Trait("advisory", "117")]
    [Trait("advisory", "137")]
    [Trait("advisory", "90")]
    [Trait("advisory", "120")]
    public async Task A_connection_serves_the_hosts_of_its_own_parameters_only(string name, string host, int status)
    {
        await using var door = await OpenAsync();
        await using var client = await TlsClient.ConnectAsync(door.HttpsPort, name);
        Assert.Equal(status, Wire.StatusOf(await client.GetAsync(host)));
    }

    [Fact]
    [Trait("advisory", "183")]
    public async Task Only_TLS_1_2_and_1_3_with_authenticated_encryption_are_spoken()
    {
        await using var door = await OpenAsync();
#pragma warning disable CA5397, CA5398, SYSLIB0039 // The old ones are what must be refused.
        foreach (var old in (SslProtocols[])[SslProtocols.Tls, SslProtocols.Tls11])
            Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", more: options => options.EnabledSslProtocols = old));
        foreach (var good in (SslProtocols[])[SslProtocols.Tls12, SslProtocols.Tls13])
            Assert.False(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", more: options => options.EnabledSslProtocols = good));
#pragma warning restore CA5397, CA5398, SYSLIB0039
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", more: Offering(
            TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256)));
        Assert.False(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", more: Offering(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_new_connections_and_old_ones_live_on()
    {
        await using var door = await OpenAsync();
        await using var old = await TlsClient.ConnectAsync(door.HttpsPort, "app.test");
        var renewed = _ca.ServerFor("app.test", "second.test");
        Use(door, renewed);
        await using var fresh = await TlsClient.ConnectAsync(door.HttpsPort, "app.test");
        Assert.Equal(renewed.SerialNumber, fresh.Certificate.SerialNumber);
        Assert.NotEqual(renewed.SerialNumber, old.Certificate.SerialNumber);
        Assert.Equal(200, Wire.StatusOf(await old.GetAsync("app.test")));
        Assert.Equal(200, Wire.StatusOf(await old.GetAsync("second.test")));
    }

    [Fact]
    [Trait("advisory", "91")]
    public async Task A_broken_file_is_a_problem_and_its_last_good_certificate_stays()
    {
        await using var door = await OpenAsync();
        var problems = new List<Problem>();
        var broken = new CertificateOptions { Cert = new FileText("app", "-----BEGIN CERTIFICATE-----\nhalf"), Key = new FileText("app.key", "") };
        var never = new CertificateOptions { Cert = new FileText("new", "nonsense"), Key = new FileText("new.key", "nonsense") };
        door.Certificates.Use([broken, never], new MutualTlsOptions(), problems);
        Assert.Equal(["DW5001", "DW5001"], problems.Select(problem => problem.Id));
        Assert.Equal(200, Wire.StatusOf(await (await TlsClient.ConnectAsync(door.HttpsPort, "app.test")).GetAsync("app.test")));
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "a.wild.test"));
    }

    [Fact]
    public void A_key_of_another_certificate_and_an_expired_one_are_told()
    {
        var problems = new List<Problem>();
        var options = TestCa.OptionsOf("mixed", _ca.ServerFor("a.test")) with { Key = TestCa.OptionsOf("x", _ca.ServerFor("b.test")).Key };
        var expired = TestCa.OptionsOf("old", _ca.Issue("CN=old", names => names.AddDnsName("old.test"), notAfter: DateTimeOffset.UtcNow.AddHours(-1)));
        new Doorward.Server.Proxy.Tls.Certificates(TimeProvider.System).Use([options, expired], new MutualTlsOptions(), problems);
        Assert.Equal([("DW5001", Severity.Error), ("DW5002", Severity.Warning)], problems.Select(problem => (problem.Id, problem.Severity)));
        Assert.DoesNotContain("BEGIN", string.Concat(problems), StringComparison.Ordinal);
    }

    private static Action<SslClientAuthenticationOptions> Offering(params TlsCipherSuite[] suites) => options =>
    {
        options.EnabledSslProtocols = SslProtocols.Tls12;
#pragma warning disable CA1416 // Tests run where OpenSSL does.
        options.CipherSuitesPolicy = new CipherSuitesPolicy(suites);
#pragma warning restore CA1416
    };

    private void Use(Door door, System.Security.Cryptography.X509Certificates.X509Certificate2 app) =>
        door.Certificates.Use([TestCa.OptionsOf("default", _ca.ServerFor("default.test")), TestCa.OptionsOf("app", app)], new MutualTlsOptions(), new List<Problem>());

    private Task<Door> OpenAsync() => Door.OpenAsync(
        new DoorSettings
        {
            Certificates =
            [
                TestCa.OptionsOf("default", _ca.ServerFor("default.test")),
                TestCa.OptionsOf("app", _ca.ServerFor("app.test", "second.test")),
                TestCa.OptionsOf("wild", _ca.ServerFor("*.wild.test")),
                TestCa.OptionsOf("exact", _ca.ServerFor("exact.wild.test")),
            ],
        },
        [.. ((string[])["app.test", "second.test", "*.wild.test", "default.test", "unknown.test"]).Select(host => Way.Of(host, "/", new Doorward.Server.Routes.ResponseAction(200, "ok")))]);
}
