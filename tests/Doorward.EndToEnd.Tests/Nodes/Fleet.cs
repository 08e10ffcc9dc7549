using System.Security.Cryptography;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>Somebody who has signed in.</summary>
/// <param name="Person">With the provider.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Cookies">By host, as a browser sends them.</param>
internal sealed record Member(string Person, string Session, IReadOnlyDictionary<string, string> Cookies);

/// <summary>
/// Several nodes, each a process with a network of its own to one PostgreSQL that can be stopped, in front of one upstream. One more
/// node, in this process and with a sound network, is where people sign in.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    public const string Own = "door.localhost";

    /// <summary>Refuses soon: after <see cref="Limit"/>, and cuts streams after <see cref="Grace"/>.</summary>
    public const string Strict = "strict.door.localhost";

    /// <summary>As strict, but streams are held for as long as it takes.</summary>
    public const string Patient = "patient.door.localhost";

    /// <summary>With a limit above all outages that it is meant to outlast.</summary>
    public const string Lenient = "lenient.door.localhost";

    public const string Open = "open.door.localhost";

    public const string DirectoryToken = "a-token-of-a-directory-that-is-long-enough";

    private static readonly string[] _hosts = [Strict, Patient, Lenient, Open];

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-fleet-").FullName;
    private readonly string _rootKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private DoorwardServer _office = null!;

    private Fleet(PostgresCluster store, Witness upstream) => (Store, Upstream) = (store, upstream);

    /// <summary>Whether the figures are those that operators meet, or smaller ones that are quickly over.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("TEST_LONG") == "1";

    public static TimeSpan Limit => TimeSpan.FromSeconds(IsLong ? 10 : 2);

    public static TimeSpan Grace => TimeSpan.FromSeconds(IsLong ? 20 : 2);

    public PostgresCluster Store { get; }

    public Witness Upstream { get; }

    public IReadOnlyList<FleetNode> Nodes { get; private set; } = [];

    /// <summary>The store, asked past all networks.</summary>
    public Database Database => _office.Services.GetRequiredService<Database>();

    public static async Task<Fleet> StartAsync(bool listen = true, string settings = "")
    {
        var store = await PostgresCluster.StartAsync();
        var fleet = new Fleet(store, await Witness.StartAsync());
        var database = await store.NewDatabaseAsync("fleet");
        var started = await DoorwardServer.StartAsync(new ServerStart { ConfigurationPath = fleet.Configure("office", database, listen, settings), RecordLines = false }, default);
        Assert.True(started.Server is not null, string.Join('\n', started.Problems));
        fleet._office = started.Server;
        await Eventually.Holds(() => !fleet._office.Services.GetRequiredService<Freshness>().IsStale);
        fleet.Nodes = [.. ((string[])["first", "second", "third"]).Select(name => fleet.NodeOf(name, database, listen, settings))];
        await Task.WhenAll(fleet.Nodes.Select(node => node.StartAsync()));
        return fleet;
    }

    public async Task<Member> SignInAsync(string person)
    {
        var session = await _office.Services.GetRequiredService<SessionStore>().SignInAsync(
            new SignedIn { Provider = "corp", Subject = person, Groups = [new GroupFact("staff")], Tokens = new("access", null, null, null) },
            new Browser("127.0.0.1", "a test"),
            former: null);
        var cookies = new Dictionary<string, string>();
        foreach (var host in _hosts) cookies[host] = "doorward=" + await _office.Services.GetRequiredService<Cookies>().CreateAsync(session.Id, host, default);
        return new($"corp/{person}", session.Id, cookies);
    }

    /// <summary>Until every node lets them in; a node that has just started, or was cut off, says that it cannot tell yet.</summary>
    public async Task LetInAsync(params Member[] members)
    {
        foreach (var node in Nodes)
            foreach (var member in members)
                await Eventually.Holds(async () => await StatusAsync(node, Strict, member) == 200);
    }

    public static async Task<int> StatusAsync(FleetNode node, string host, Member member, string path = "/") => (await node.AskAsync(host, member.Cookies[host], path)).Status;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        if (_office is not null) await _office.DisposeAsync();
        await Upstream.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private FleetNode NodeOf(string name, string database, bool listen, string settings)
    {
        var network = FaultProxy.Start(Store.Port);
        var through = new NpgsqlConnectionStringBuilder(database) { Port = network.Port }.ConnectionString;
        return new(name, Configure(name, through, listen, settings), SocketOf(name), network);
    }

    private string SocketOf(string name) => Path.Combine(_folder, $"{name}.sock");

    private string Configure(string name, string postgres, bool listen, string settings)
    {
        var file = Path.Combine(_folder, $"{name}.yaml");
        File.WriteAllText(file, $$"""
            url: http://{{Own}}
            listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0", admin_socket: {{SocketOf(name)}} }
            store: { postgres: "{{postgres}}", listen: {{(listen ? "true" : "false")}} }
            root_key: "{{_rootKey}}"
            staleness: { limit: {{Seconds(Limit)}}, grace: {{Seconds(Grace)}} }
            audit: { folder: {{Path.Combine(_folder, name + "-audit")}}, space: 256MiB }
            identity_providers:
              - { name: corp, preset: oidc, issuer: "http://idp.door.localhost:1", client_id: doorward, client_secret: secret }
            scim: [ { name: directory, provider: corp, join: user_name, token: {{DirectoryToken}} } ]
            policies: { staff: { allow: { and: [ { groups: { has: staff } } ] } } }
            routes:
              - { name: strict, from: "http://{{Strict}}", to: "{{Upstream.Url}}", policy: staff }
              - { name: patient, from: "http://{{Patient}}", to: "{{Upstream.Url}}", policy: staff, staleness: { grace: 5m } }
              - { name: lenient, from: "http://{{Lenient}}", to: "{{Upstream.Url}}", policy: staff, staleness: { limit: {{(IsLong ? "10s" : "1m")}} } }
              - { name: open, from: "http://{{Open}}", to: "{{Upstream.Url}}", allow_public_unauthenticated_access: true }
            {{settings}}
            """);
        return file;
    }

    private static string Seconds(TimeSpan span) => $"{(int)span.TotalSeconds}s";
}
