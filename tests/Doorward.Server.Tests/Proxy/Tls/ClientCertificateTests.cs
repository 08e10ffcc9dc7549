using System.Security.Cryptography.X509Certificates;
using Doorward.Policy;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy.Tls;

public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestCa _server = new("CN=Server CA");
    private readonly TestCa _clients = new("CN=Client CA");

    public void Dispose()
    {
        _server.Dispose();
        _clients.Dispose();
    }

    [Fact]
    public async Task Rejecting_ends_the_handshake_of_whoever_shows_nothing_or_something_else()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(upstream, new() { Ca = new Pem(_clients.Pem), Enforcement = Enforcement.RejectConnection });
        using var stranger = new TestCa("CN=Other CA");
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test"));
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", stranger.Issue("CN=eve")));
        Assert.False(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", _clients.Issue("CN=ada")));
        Assert.Single(upstream.Heads);
    }

    [Theory]
    [InlineData(nameof(Enforcement.Policy))]
    [InlineData(nameof(Enforcement.PolicyWithDefaultDeny))]
    public async Task Otherwise_the_policy_gets_the_facts(string enforcement)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(upstream, new() { Ca = new Pem(_clients.Pem), Enforcement = Enum.Parse<Enforcement>(enforcement) });
        using var stranger = new TestCa("CN=Other CA");
        var ada = _clients.Issue("CN=ada", names =>
        {
            names.AddEmailAddress("ada@example.test");
            names.AddDnsName("laptop.example.test");
            names.AddUri(new Uri("spiffe://example.test/ada"));
        });
        foreach (var (shown, valid) in ((X509Certificate2?, bool?)[])[(null, null), (stranger.Issue("CN=eve"), false), (ada, true)])
        {
            await using var client = await TlsClient.ConnectAsync(door.HttpsPort, "app.test", shown);
            Assert.Equal(200, Wire.StatusOf(await client.GetAsync("app.test")));
            Assert.True(door.CertificatesSeen.TryDequeue(out var facts));
            Assert.Equal(valid, facts?.Valid);
            if (valid != true)
                continue;
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(ada.RawData)), facts!.Fingerprint);
            Assert.Equal(["ada@example.test"], facts.SanEmail);
            Assert.Equal(["laptop.example.test"], facts.SanDns);
            Assert.Equal(["spiffe://example.test/ada"], facts.SanUri);
            Assert.NotEmpty(facts.SpkiHash!);
        }

        Assert.Equal(Enum.Parse<Enforcement>(enforcement), door.Certificates.EnforcementOf(new RequestHost("app.test", 443)));
    }

    [Fact]
    [Trait("advisory", "89")]
    [Trait("advisory", "117")]
    public async Task A_host_with_client_certificates_is_reached_by_no_other_hosts_connection()
    {
        await using var upstream = new RecordingUpstream();
        var mtls = new MutualTlsOptions { Hosts = [new() { Hosts = ["pay.test"], Ca = new Pem(_clients.Pem), Enforcement = Enforcement.RejectConnection }] };
        await using var door = await OpenAsync(upstream, mtls);
        await using var open = await TlsClient.ConnectAsync(door.HttpsPort, "app.test", _clients.Issue("CN=ada"));
        Assert.Equal(421, Wire.StatusOf(await open.GetAsync("pay.test")));
        await using var unnamed = await TlsClient.ConnectAsync(door.HttpsPort, "", _clients.Issue("CN=ada"));
        Assert.Equal(421, Wire.StatusOf(await unnamed.GetAsync("pay.test")));
        await using var asked = await TlsClient.ConnectAsync(door.HttpsPort, "PAY.test", _clients.Issue("CN=ada"));
        Assert.Equal(200, Wire.StatusOf(await asked.GetAsync("pay.test")));
        Assert.Equal(421, Wire.StatusOf(await asked.GetAsync("app.test")));
        Assert.Single(upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "215")]
    public async Task A_new_revocation_list_reaches_connections_that_are_open()
    {
        await using var upstream = new RecordingUpstream();
        var now = DateTimeOffset.UtcNow;
        var ada = _clients.Issue("CN=ada");
        MutualTlsOptions With(Enforcement enforcement, params X509Certificate2[] revoked) => new()
        {
            Ca = new Pem(_clients.Pem), Enforcement = enforcement, Crl = new Pem(_clients.RevocationList(now.AddHours(-1), now.AddDays(1), revoked)),
        };
        await using var door = await OpenAsync(upstream, With(Enforcement.Policy));
        await using var client = await TlsClient.ConnectAsync(door.HttpsPort, "app.test", ada);
        Assert.Equal(200, Wire.StatusOf(await client.GetAsync("app.test")));
        Assert.True(door.CertificatesSeen.TryDequeue(out var facts) && facts!.Valid);
        Use(door, With(Enforcement.Policy, ada));
        Assert.Equal(200, Wire.StatusOf(await client.GetAsync("app.test")));
        Assert.True(door.CertificatesSeen.TryDequeue(out facts) && !facts!.Valid);
        Use(door, With(Enforcement.RejectConnection, ada));
        Assert.Equal(421, Wire.StatusOf(await client.GetAsync("app.test")));
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", ada));
    }

    [Fact]
    public async Task Settings_that_now_ask_for_a_certificate_need_a_new_connection()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(upstream, new());
        await using var client = await TlsClient.ConnectAsync(door.HttpsPort, "app.test");
        Assert.Equal(200, Wire.StatusOf(await client.GetAsync("app.test")));
        Use(door, new() { Ca = new Pem(_clients.Pem), Enforcement = Enforcement.Policy });
        Assert.Equal(421, Wire.StatusOf(await client.GetAsync("app.test")));
    }

    [Fact]
    [Trait("advisory", "119")]
    public async Task Authorities_that_cannot_be_read_let_nobody_in()
    {
        await using var upstream = new RecordingUpstream();
        var problems = new List<Problem>();
        await using var door = await OpenAsync(upstream, new());
        door.Certificates.Use([TestCa.OptionsOf("all", _server.ServerFor("app.test"))], new() { Ca = new Pem("nothing"), Enforcement = Enforcement.RejectConnection }, problems);
        Assert.Equal("DW5003", Assert.Single(problems).Id);
        Assert.True(await TlsClient.IsRefusedAsync(door.HttpsPort, "app.test", _clients.Issue("CN=ada")));
    }

    private Task<Door> OpenAsync(RecordingUpstream upstream, MutualTlsOptions clients) => Door.OpenAsync(
        new DoorSettings { Certificates = [TestCa.OptionsOf("all", _server.ServerFor("app.test", "pay.test"))], Clients = clients },
        Way.To("app.test", "/", upstream.Url), Way.To("pay.test", "/", upstream.Url));

    private void Use(Door door, MutualTlsOptions clients) =>
        door.Certificates.Use([TestCa.OptionsOf("all", _server.ServerFor("app.test", "pay.test"))], clients, new List<Problem>());
}
