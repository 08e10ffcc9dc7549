using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Doorward.Server.Audit;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Composed;

/// <summary>
/// The server as it is shipped, from a configuration file to its sockets: TLS, a SQLite store, a provider, and behind it an upstream that
/// writes down every byte. Time is the system's.
/// </summary>
internal sealed class Whole : IAsyncDisposable
{
    public const string Own = "door.localhost", Open = "open.door.localhost", App = "app.door.localhost", Wiki = "wiki.door.localhost", Admin = "admin.door.localhost";

    /// <summary>Everybody; whoever is signed in, twice; the group admins, which nobody has.</summary>
    private const string Routes = $$"""
          - { name: open, from: "https://{{Open}}", to: UPSTREAM, allow_public_unauthenticated_access: true }
          - { name: app, from: "https://{{App}}", to: UPSTREAM, allow_any_authenticated_user: true, allow_websockets: true }
          - { name: wiki, from: "https://{{Wiki}}", to: UPSTREAM, allow_any_authenticated_user: true }
          - { name: admin, from: "https://{{Admin}}", to: UPSTREAM, policy: { allow: { and: [ { groups: { has: admins } } ] } }, show_error_details: true }
        """;

    private static readonly LabAuthority _authority = new();
    private static readonly string _certificate, _key;

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-whole-").FullName;
    private readonly LyingProvider _provider;
    private DoorwardServer _server = null!;

    static Whole()
    {
        using var leaf = _authority.Issue(Own, "*." + Own);
        _certificate = leaf.ExportCertificatePem();
        using var key = leaf.GetECDsaPrivateKey()!;
        _key = key.ExportPkcs8PrivateKeyPem();
    }

    private Whole(LyingProvider provider) => _provider = provider;

    public RecordingUpstream Upstream { get; } = new();

    public LyingProvider Provider => _provider;

    public IServiceProvider Services => _server.Services;

    public ConcurrentQueue<string> Log { get; } = [];

    public int Port { get; private set; }

    public int HealthPort { get; } = FreePort.Next();

    public int MetricsPort { get; } = FreePort.Next();

    public string RootKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private string ConfigurationFile => Path.Combine(_folder, "doorward.yaml");

    /// <param name="routes">As under <c>routes</c>, with UPSTREAM for the upstream's URL; null for the usual.</param>
    /// <param name="more">Further keys of the configuration.</param>
    public static async Task<Whole> StartAsync(string? routes = null, string more = "")
    {
        var time = new ManualTime();
        time.SetRight();
        var whole = new Whole(await LyingProvider.StartAsync(time));
        whole.Write("tls.crt", _certificate);
        whole.Write("tls.key", _key);
        whole.Write("root.key", whole.RootKey);
        whole.Write("client.secret", LyingProvider.ClientSecret);
        await whole.ConfigureAsync(routes, more);
        var started = await DoorwardServer.StartAsync(
            new()
            {
                ConfigurationPath = whole.ConfigurationFile,
                RecordLines = false,
                Logging = logging =>
                {
                    Logs.ToStandardError(logging);
                    // As it filters there, but kept: what hostile clients cause here is no news.
                    logging.ClearProviders();
                    logging.AddProvider(new QueueLogger(whole.Log));
                },
            },
            CancellationToken.None);
        Assert.True(started.Server is not null, string.Join('\n', started.Problems));
        whole._server = started.Server!;
        whole.Port = whole._server.Addresses.Single(address => address.Scheme == "https").Port;
        return whole;
    }

    public Task ConfigureAsync(string? routes = null, string more = "")
    {
        var text = $$"""
            url: https://{{Own}}
            listeners: { https: "127.0.0.1:0", health: "127.0.0.1:{{HealthPort}}", metrics: "127.0.0.1:{{MetricsPort}}" }
            certificates: [ { cert: tls.crt, key: tls.key } ]
            store: { sqlite: doorward.db }
            log: { level: debug }
            root_key_file: root.key
            identity_providers:
              - { name: lab, issuer: "{{_provider.Issuer}}", client_id: {{LyingProvider.ClientId}}, client_secret_file: client.secret }
            {{more}}
            routes:
            {{(routes ?? Routes).Replace("UPSTREAM", Upstream.Url, StringComparison.Ordinal)}}
            """;
        Write("doorward.yaml", text);
        return Task.CompletedTask;
    }

    public static Uri Url(string host, string pathAndQuery = "/") => new($"https://{host}{pathAndQuery}");

    public LabBrowser Browser() => new(ConnectAsync, _authority);

    /// <summary>A browser in which Ada is signed in, at Doorward's own host and at <see cref="App"/>.</summary>
    public async Task<LabBrowser> SignedInAsync()
    {
        var browser = Browser();
        HttpResponseMessage answer = null!;
        Uri url = null!;
        // On a busy machine the store may be slower than a request waits for it: «come back in a moment».
        await Eventually.Holds(async () =>
        {
            (answer, url) = await browser.FollowAsync(Url(App));
            return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
        });
        Assert.True(answer.IsSuccessStatusCode && url.Host == App, $"{url}: {await answer.Content.ReadAsStringAsync()}");
        return browser;
    }

    /// <summary>These bytes on a TLS connection of their own; everything that comes back until the server closes.</summary>
    public async Task<string> SendAsync(string host, string bytes)
    {
        await using var client = await TlsClient.ConnectAsync(Port, host);
        await client.Stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        return await Wire.ReadToEndAsync(client.Stream);
    }

    public Task<string> GetAsync(string host, string target, params string[] headers) => AskAsync(host, "GET", target, headers);

    public Task<string> AskAsync(string host, string method, string target, params string[] headers) =>
        SendAsync(host, $"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>The secret of a new service account, as its maker got it.</summary>
    public async Task<string> ServiceAccountAsync(string name, ServiceAccountRole role) =>
        (await Services.GetRequiredService<ServiceAccountStore>().CreateAsync(name, role, null, DateTimeOffset.UtcNow.AddHours(1), default))!.Secret;

    /// <summary>The audit trail as it lies on the disk, one text a record.</summary>
    public IReadOnlyList<string> Records()
    {
        using var copy = new TrailFolder(Path.Combine(_folder, "audit")).Snapshot();
        return [.. copy.Records().Select(record => Encoding.UTF8.GetString(RecordLine.Of(record)))];
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Upstream.DisposeAsync();
        await _provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Does something to the store behind the server's back.</summary>
    public void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "doorward.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    // Every host of ours is this machine; the provider is where it says.
    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, to.Port == 443 ? Port : to.Port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public static bool IsListening(int port)
    {
        using var socket = new TcpClient();
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
