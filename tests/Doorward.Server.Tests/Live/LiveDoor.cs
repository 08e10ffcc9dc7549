using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Live;

/// <summary>The whole server over TLS, with a store, an audit trail and a configuration file of its own; people are signed in without a provider.</summary>
internal sealed class LiveDoor : IAsyncDisposable
{
    public const string Host = "app.test";

    private readonly TestCa _ca = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-live-").FullName;
    private DoorwardServer? _server;

    public string? Postgres { get; init; }

    /// <summary>The same for all nodes of one store.</summary>
    public string RootKey { get; init; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Doorward's own host; one under localhost may be told things by providers without TLS.</summary>
    public string Own { get; init; } = "door.test";

    /// <summary>The issuer of the provider «corp».</summary>
    public string Issuer { get; init; } = "http://localhost:1";

    /// <summary>Further top-level keys.</summary>
    public string Settings { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ConcurrentQueue<string> Log { get; } = [];

    public IServiceProvider Services => _server!.Services;

    public string File => Path.Combine(_folder, "doorward.yaml");

    public int Port => _server!.Addresses.Single(address => address.Scheme == "https").Port;

    public string AdminSocket => Path.Combine(_folder, "admin.sock");

    /// <summary>Starts it with these routes, as they stand in the file.</summary>
    public async Task StartAsync(string routes)
    {
        var certificate = _ca.ServerFor(Host, Own, "other.test");
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem());
        await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "tls.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await System.IO.File.WriteAllTextAsync(File, Configuration(routes));
        var started = await DoorwardServer.StartAsync(
            new ServerStart { ConfigurationPath = File, RecordLines = false, Time = Time, Logging = logging => logging.AddProvider(new QueueLogger(Log)).SetMinimumLevel(LogLevel.Warning) }, default);
        Assert.True(started.Server is not null, string.Join('\n', started.Problems));
        _server = started.Server;
        await Eventually.Holds(() => !Services.GetRequiredService<Freshness>().IsStale);
    }

    /// <summary>Puts another configuration in place by a rename.</summary>
    public async Task RewriteAsync(string routes)
    {
        await System.IO.File.WriteAllTextAsync(File + ".next", Configuration(routes));
        System.IO.File.Move(File + ".next", File, overwrite: true);
    }

    /// <summary>Signs a person in, and gives the cookie header of their browser at a host.</summary>
    public Task<(Session Session, string Cookie)> SignInAsync(string person, string host = Host, params string[] groups) => SignInAsync(Said(person, groups), host);

    /// <inheritdoc cref="SignInAsync(string, string, string[])"/>
    public async Task<(Session Session, string Cookie)> SignInAsync(SignedIn said, string host = Host)
    {
        var session = await Services.GetRequiredService<SessionStore>().SignInAsync(said, new Browser("127.0.0.1", "a test"), former: null);
        var cookie = await Services.GetRequiredService<Cookies>().CreateAsync(session.Id, host, default);
        return (session, $"{Services.GetRequiredService<CookieNames>().Session}={cookie}");
    }

    public static SignedIn Said(string person, params string[] groups) => new()
    {
        Provider = "corp", Subject = person, Email = $"{person}@example.com", EmailVerified = true, Groups = [.. groups.Select(group => new GroupFact(group))], Tokens = new("access", null, null, null),
    };

    /// <summary>A client that trusts the server's certificate and finds every host there that has no port of its own.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port == 443 ? Port : context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _ca.Certificate }, RevocationMode = X509RevocationMode.NoCheck },
        },
        UseCookies = false,
        AllowAutoRedirect = false,
    };

    /// <summary>The one record of a connection that Doorward ended, once it is written.</summary>
    public async Task<JsonElement> EndAsync(int count = 1)
    {
        var trail = new TrailFolder(Services.GetRequiredService<AuditTrail>().Folder);
        JsonElement[] ends = [];
        await Eventually.Holds(() =>
        {
            ends = [.. trail.Records().Select(TrailFolder.Body).Where(body => TrailFolder.KindOf(body) == "end" && body.TryGetProperty("cause", out var cause) && cause.ValueKind == JsonValueKind.String)];
            return ends.Length >= count;
        });
        return ends[^1];
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _ca.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration(string routes) => $$"""
        url: https://{{Own}}
        listeners: { https: "127.0.0.1:0", health: "127.0.0.1:0", metrics: "127.0.0.1:0", admin_socket: {{AdminSocket}} }
        certificates: [ { cert: {{Path.Combine(_folder, "tls.crt")}}, key: {{Path.Combine(_folder, "tls.key")}} } ]
        store: { {{(Postgres is null ? $"sqlite: {Path.Combine(_folder, "doorward.db")}" : $"postgres: \"{Postgres}\"")}} }
        root_key: "{{RootKey}}"
        audit: { folder: {{Path.Combine(_folder, "audit")}}, space: 64MiB }
        identity_providers:
          - { name: corp, preset: oidc, issuer: "{{Issuer}}", client_id: doorward, client_secret: secret }
        admins: { allow: { and: [ { groups: { has: admins } } ] } }
        {{Settings}}
        routes:
        {{string.Join('\n', routes.Split('\n').Select(line => "  " + line))}}
        """;
}
