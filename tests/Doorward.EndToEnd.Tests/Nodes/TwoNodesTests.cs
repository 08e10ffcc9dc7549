using System.Security.Cryptography;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>Several processes on one PostgreSQL: any may die, none gives a wrong answer.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private const string Host = "app.door.localhost";

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-nodes-").FullName;
    private readonly string _rootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly List<IAsyncDisposable> _running = [];
    private string _postgres = "";
    private WebApplication _upstream = null!;
    private DoorwardServer _third = null!;

    public async ValueTask InitializeAsync()
    {
        _postgres = await Postgres.NewDatabaseAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _upstream = builder.Build();
        _upstream.Urls.Add("http://127.0.0.1:0");
        _upstream.MapGet("/", () => Results.Text("hello"));
        await _upstream.StartAsync();
        // The node on which people sign in and are signed out: in this process, and otherwise like the others.
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = Configuration("third"), RecordLines = false }, default);
        Assert.True(started.Server is not null, string.Join('\n', started.Problems));
        _third = started.Server;
        await Eventually.Holds(() => !_third.Services.GetRequiredService<Freshness>().IsStale);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _running) await one.DisposeAsync();
        await _third.DisposeAsync();
        await _upstream.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_killed_node_loses_no_session_and_the_others_answer_on()
    {
        var (first, second) = (await StartAsync("first"), await StartAsync("second"));
        var (_, cookie) = await SignInAsync();
        await Eventually.Holds(async () => await AskAsync(first, cookie) == 200 && await AskAsync(second, cookie) == 200);

        await first.KillAsync();
        for (var i = 0; i < 50; i++) Assert.Equal(200, await AskAsync(second, cookie));
        var again = await StartAsync("first");

        await Eventually.Holds(async () => await AskAsync(again, cookie) == 200);
    }

    [Fact]
    public async Task A_session_ended_on_one_node_is_refused_by_all_and_stays_so_through_a_crash()
    {
        var (first, second) = (await StartAsync("first"), await StartAsync("second"));
        var (session, cookie) = await SignInAsync();
        var (_, other) = await SignInAsync();
        await Eventually.Holds(async () => await AskAsync(first, cookie) == 200 && await AskAsync(second, cookie) == 200);

        Assert.True(await _third.Services.GetRequiredService<SessionStore>().EndAsync(session.Id));

        foreach (var node in (ServeProcess[])[first, second])
        {
            await Eventually.Holds(async () => await AskAsync(node, cookie) == 401);
            for (var i = 0; i < 20; i++) await AssertRefusedAsync(node, cookie);
        }

        await second.KillAsync();
        var again = await StartAsync("second");
        await Eventually.Holds(async () => await AskAsync(again, other) == 200);
        await AssertRefusedAsync(again, cookie);
    }

    // An ended session is asked for in the store each time: where a busy machine's store is late, the truth is «try again».
    private static async Task AssertRefusedAsync(ServeProcess node, string cookie) => Assert.Contains(await AskAsync(node, cookie), (int[])[401, 503]);

    private static async Task<int> AskAsync(ServeProcess node, string cookie)
    {
        using var client = new NodeClient(node.Port);
        return (await client.AskAsync(new Uri($"http://{Host}/"), $"doorward={cookie}")).Status;
    }

    private async Task<ServeProcess> StartAsync(string name)
    {
        var node = await ServeProcess.StartAsync(Configuration(name), []);
        _running.Add(node);
        return node;
    }

    private async Task<(Session Session, string Cookie)> SignInAsync()
    {
        var session = await _third.Services.GetRequiredService<SessionStore>().SignInAsync(
            new SignedIn { Provider = "corp", Subject = "ada", Email = "ada@example.com", EmailVerified = true, Groups = [new GroupFact("sre")], Tokens = new("access", null, null, null) },
            new Browser("127.0.0.1", "a test"),
            former: null);
        return (session, (await _third.Services.GetRequiredService<Cookies>().CreateAsync(session.Id, Host, default))!);
    }

    private string Configuration(string name)
    {
        var file = Path.Combine(_folder, $"{name}.yaml");
        File.WriteAllText(file, $$"""
            url: http://door.localhost
            listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0", metrics: "127.0.0.1:0", admin_socket: {{Path.Combine(_folder, name + ".sock")}} }
            store: { postgres: "{{_postgres}}" }
            root_key: "{{_rootKey}}"
            staleness: { limit: 5m }
            audit: { folder: {{Path.Combine(_folder, name + "-audit")}}, space: 64MiB }
            identity_providers:
              - { name: corp, preset: oidc, issuer: "http://idp.door.localhost:1", client_id: doorward, client_secret: secret }
            admins: { allow: { and: [ { groups: { has: sre } } ] } }
            routes:
              - { name: app, from: "http://{{Host}}", to: "{{_upstream.Urls.First()}}", policy: { allow: { and: [ { groups: { has: sre } } ] } } }
            """);
        return file;
    }
}
