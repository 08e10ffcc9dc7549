using System.Net;
using System.Net.Sockets;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

/// <summary>Routes that hand the provider's tokens on, through the whole server: <c>${doorward.id_token}</c> and <c>${doorward.access_token}</c>.</summary>
public sealed class ProviderTokensTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-").FullName;
    private readonly RecordingUpstream _upstream = new();
    private readonly ManualTime _time = new();
    private LyingProvider _provider = null!;
    private DoorwardServer _server = null!;
    private LabBrowser _browser = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        _provider = await LyingProvider.StartAsync(_time);
        _port = FreePort.Next();
        var file = Path.Combine(_folder, "doorward.yaml");
        await File.WriteAllTextAsync(file, $$$"""
            url: http://door.localhost:{{{_port}}}
            listeners: { insecure_http: "127.0.0.1:{{{_port}}}", health: "127.0.0.1:0" }
            store: { sqlite: doorward.db }
            root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
            admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }
            identity_providers: [ { name: lab, issuer: "{{{_provider.Issuer}}}", client_id: {{{LyingProvider.ClientId}}}, client_secret: "{{{LyingProvider.ClientSecret}}}" } ]
            routes:
              - name: app
                from: http://app.localhost:{{{_port}}}
                to: "{{{_upstream.Url}}}"
                allow_any_authenticated_user: true
                set_request_headers: { Authorization: "Bearer ${doorward.access_token}", X-Id-Token: "${pomerium.id_token}" }
              - name: public
                from: http://public.localhost:{{{_port}}}
                to: "{{{_upstream.Url}}}"
                allow_public_unauthenticated_access: true
                set_request_headers: { X-Id-Token: "${doorward.id_token}" }

            """);
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = file, Time = _time, RecordLines = false }, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(started.Problems, problem => problem.Severity == Policy.Severity.Error);
        _server = started.Server!;
        _browser = new LabBrowser(ConnectAsync, new LabAuthority());
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
        await _upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_providers_tokens_go_to_the_upstream_and_the_fresh_ones_after_a_refresh()
    {
        Assert.Equal("ok", await _browser.ReadAsync(Url("app")));
        Assert.Equal($"Bearer {LyingProvider.AccessToken}", Last("Authorization"));
        var id = Last("X-Id-Token");
        Assert.Equal(3, id?.Split('.').Length);

        _provider.TokenAnswer = answer => answer["access_token"] = "access-2";
        _time.Advance(TimeSpan.FromMinutes(4));
        await Eventually.Holds(async () =>
        {
            // What is remembered is believed for a while, so time goes on until the store is asked again.
            _time.Advance(TimeSpan.FromSeconds(5));
            return await _browser.ReadAsync(Url("app")) == "ok" && Last("Authorization") == "Bearer access-2";
        });
        Assert.NotEqual(id, Last("X-Id-Token"));
    }

    [Fact]
    public async Task Without_a_person_nothing_is_sent_and_what_the_client_sends_is_removed()
    {
        var answer = await _browser.SendAsync(HttpMethod.Get, Url("public"), header: ("X-Id-Token", "invented"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(Last("X-Id-Token"));
    }

    private Uri Url(string host) => new($"http://{host}.localhost:{_port}/");

    private string? Last(string name) => _upstream.Heads.Last().Split("\r\n").Skip(1)
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).SingleOrDefault();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, to.Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
