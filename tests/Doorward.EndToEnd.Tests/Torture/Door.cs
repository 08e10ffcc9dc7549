using System.Collections.Concurrent;
using System.Security.Cryptography;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.EndToEnd.Tests.Nodes;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>
/// A <c>doorward serve</c> to kill, in front of a service, with two people who are signed in: Ada may pass, Ben may not. It listens at
/// the same addresses in all its lives, on a loopback address of its own: no client's port can be one of its.
/// </summary>
internal sealed class Door : IAsyncDisposable
{
    private const string Host = "app.door.localhost";
    private const int Port = 8080, HealthPort = 8081, MetricsPort = 8082;

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-torture-").FullName;
    private readonly string _address = $"127.{Random.Shared.Next(2, 250)}.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(2, 250)}";
    private readonly ConcurrentDictionary<string, int> _reached = [];
    private WebApplication _upstream = null!;

    private Door() => Configuration = Path.Combine(_folder, "doorward.yaml");

    public string Configuration { get; }

    /// <summary>The cookies of who may pass, and of who may not.</summary>
    public (string Ada, string Ben) Cookies { get; private set; }

    /// <summary>The paths that reached the service behind it.</summary>
    public IReadOnlyCollection<string> Reached => [.. _reached.Keys];

    /// <param name="store">What the configuration says of the store; null for an SQLite file.</param>
    /// <param name="audit">What it says of the trail besides, such as <c>, space: 8MiB</c>.</param>
    /// <param name="folder">The folder of the trail; null for one on this disk.</param>
    /// <param name="more">Further settings.</param>
    public static async Task<Door> StartAsync(string? store = null, string audit = "", string? folder = null, string more = "staleness: { limit: 5m }")
    {
        var door = new Door();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        door._upstream = builder.Build();
        door._upstream.Urls.Add("http://127.0.0.1:0");
        door._upstream.MapGet("/{**path}", (HttpContext context) =>
        {
            door._reached[context.Request.Path] = 1;
            return Results.Text("hello");
        });
        await door._upstream.StartAsync();
        await File.WriteAllTextAsync(door.Configuration, door.Written(store ?? $"sqlite: {door._folder}/doorward.db", audit, folder ?? $"{door._folder}/audit", more));
        await door.SignInAsync();
        return door;
    }

    public Task<ServeProcess> ServeAsync() => ServeProcess.StartAsync(Configuration, []);

    public NodeClient Client() => new(Port, address: _address);

    public static Uri At(string path) => new($"http://{Host}{path}");

    /// <summary>What its health says, and with which status.</summary>
    public Task<Told> HealthAsync() => AskAsync(HealthPort, "/readyz");

    /// <summary>A number that it measures; null where there is none of that name.</summary>
    public async Task<double?> MeasureAsync(string name)
    {
        var line = (await AskAsync(MetricsPort, "/metrics")).Body.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?.Split(' ') is [_, var number, ..] ? double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>A command, as a shell would run it on this machine.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync([.. args, "--config", Configuration], output, output);
        return (code, output.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Told> AskAsync(int port, string path)
    {
        using var client = new NodeClient(port, address: _address);
        return await client.AskAsync(new Uri($"http://{_address}:{port}{path}"));
    }

    /// <summary>Signs both in, on a server in this process, which is gone when this returns.</summary>
    private async Task SignInAsync()
    {
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = Configuration, RecordLines = false }, default);
        Assert.True(started.Server is not null, string.Join('\n', started.Problems));
        await using var server = started.Server;
        await Eventually.Holds(() => !server.Services.GetRequiredService<Freshness>().IsStale);
        Cookies = (await CookieAsync("ada", "sre"), await CookieAsync("ben", "staff"));

        async Task<string> CookieAsync(string subject, string group)
        {
            var said = new SignedIn { Provider = "corp", Subject = subject, Email = $"{subject}@example.com", EmailVerified = true, Groups = [new GroupFact(group)], Tokens = new("access", null, null, null) };
            var session = await server.Services.GetRequiredService<SessionStore>().SignInAsync(said, new Browser("127.0.0.1", "a test"), former: null);
            return $"doorward={await server.Services.GetRequiredService<Cookies>().CreateAsync(session.Id, Host, default)}";
        }
    }

    private string Written(string store, string audit, string folder, string more) => $$"""
        url: http://door.localhost
        listeners: { insecure_http: "{{_address}}:{{Port}}", health: "{{_address}}:{{HealthPort}}", metrics: "{{_address}}:{{MetricsPort}}", admin_socket: {{_folder}}/admin.sock }
        store: { {{store}} }
        root_key: "{{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}}"
        audit: { folder: {{folder}}, stdout: false{{audit}} }
        {{more}}
        identity_providers:
          - { name: corp, preset: oidc, issuer: "http://idp.door.localhost:1", client_id: doorward, client_secret: secret }
        routes:
          - { name: app, from: "http://{{Host}}", to: "{{_upstream.Urls.First()}}", policy: { allow: { and: [ { groups: { has: sre } } ] } } }
        """;
}
