using System.Data.Common;
using Doorward.Demo;
using Doorward.Peers;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Lab;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Doorward.Revocation.Site;

/// <summary>All of one topology: the provider, the service, the store, the nodes, and people who are signed in.</summary>
internal sealed class Place : IAsyncDisposable
{
    public const string Host = DemoHosts.App, Staff = "staff", Visitors = "visitors", OnDevices = "on-devices", Client = "doorward", Directory = "directory", Transmitter = "transmitter", DeviceManager = "devices";

    private readonly Workspace _work = new();
    private readonly Peers.Commands _commands = new();
    private readonly Stack<IAsyncDisposable> _running = [];
    private readonly Dictionary<string, Person> _people = [];
    private string? _postgres;
    private PostgresCluster? _cluster;

    public Provider Provider { get; } = new();

    public IReadOnlyList<Node> Nodes { get; private set; } = [];

    public string Authority { get; private set; } = "";

    /// <summary>A node that holds no stream, where there are several: whatever changes is told to it.</summary>
    public Node Told => Nodes[0];

    /// <summary>The token of the directory that speaks SCIM.</summary>
    public const string ScimToken = "a-token-of-a-directory-that-is-long-enough";

    /// <summary>What the device manager signs with.</summary>
    public const string Secret = "a-secret-of-a-device-manager-that-is-long-enough";

    public static Uri Page(string path) => new($"https://{Host}{path}");

    /// <param name="topology">How many nodes, on which store.</param>
    /// <param name="people">Subjects and the groups that the provider told of them.</param>
    public static async Task<Place> StartAsync(Topology topology, IEnumerable<(string Subject, IReadOnlyList<string> Groups)> people)
    {
        var place = new Place();
        try
        {
            await place.BeginAsync(topology, people);
            return place;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    public Person this[string subject] => _people[subject];

    public string Folder => _work.Folder;

    /// <summary>The file with the policies, which all nodes include; put in place by a rename.</summary>
    public async Task<Action> PoliciesAsync(IEnumerable<string> denied, IEnumerable<string>? deniedGroups = null)
    {
        var file = Path.Combine(_work.Folder, "policies.yaml");
        await File.WriteAllTextAsync(file + ".next", $$"""
            policies:
              people:
                allow: { or: [ { groups: { has: {{Staff}} } }, { groups: { has: {{Visitors}} } } ], and: [ { groups: { has: {{OnDevices}} } }, { device/compliant: true } ] }
                deny: { or: [ { email: { in: [ nobody@example.com, {{string.Join(", ", denied)}} ] } }{{string.Concat((deniedGroups ?? []).Select(group => $", {{ groups: {{ has: {group} }} }}"))}} ] }
            """);
        return () => File.Move(file + ".next", file, overwrite: true);
    }

    /// <summary>A statement in the store that no product code would make.</summary>
    public async Task ExecuteAsync(string sql, string parameter)
    {
        await using DbConnection connection = _postgres is null ? new SqliteConnection($"Data Source={_work.Folder}/doorward.db") : new NpgsqlConnection(_postgres);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var value = command.CreateParameter();
        (value.ParameterName, value.Value) = ("parameter", parameter);
        command.Parameters.Add(value);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The process of the service that has the many streams.</summary>
    public int ManyService { get; private set; }

    /// <summary>Whose descendants are PostgreSQL's processes, where it is the store and runs.</summary>
    public int? StoreProcess => _cluster?.Server;

    /// <summary>PostgreSQL is away for so long, as if it had crashed.</summary>
    public async Task OutageAsync(TimeSpan length)
    {
        await _cluster!.StopAsync();
        await Task.Delay(length);
        await _cluster.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) node.Dispose();
        _commands.Dispose();
        while (_running.TryPop(out var last)) await last.DisposeAsync();
        _work.Dispose();
    }

    private async Task BeginAsync(Topology topology, IEnumerable<(string Subject, IReadOnlyList<string> Groups)> people)
    {
        var authority = new DevelopmentAuthority(_work.Folder, TimeProvider.System);
        authority.Prepare();
        Authority = authority.AuthorityFile;
        var root = Path.Combine(_work.Folder, "root.key");
        RootKey.CreateFile(root);
        var service = await ServiceAsync();
        // In life on another machine: when thousands of its streams end its collector stops it for 100 ms and more, and bystanders are not to be seen waiting for that.
        var many = await ServiceAsync();
        ManyService = many.Id;
        await Provider.StartAsync();
        _running.Push(Provider);
        if (topology.IsPostgres)
        {
            _cluster = await PostgresCluster.StartAsync();
            _running.Push(_cluster);
            _postgres = await _cluster.NewDatabaseAsync("doorward");
        }
        var store = new StoreOptions { Sqlite = _postgres is null ? Path.Combine(_work.Folder, "doorward.db") : null, Postgres = _postgres, RootKeyFile = root };
        await using (var signIns = await SignIns.OpenAsync(store, CancellationToken.None))
            foreach (var (subject, groups) in people)
            {
                var session = await signIns.SignInAsync(Person.Said(subject, groups));
                _people[subject] = new(subject, session.Id, await signIns.CookieAsync(session, new CookieNames(secure: true).Session, Host));
            }
        (await PoliciesAsync([]))();
        var shared = Configuration(topology, root, authority, service, many);
        var nodes = new List<Node>();
        for (var i = 0; i < topology.Nodes; i++) nodes.Add(await Node.StartAsync($"node{i}", _work.Folder, shared, Authority, _commands));
        Nodes = nodes;
    }

    private async Task<ServiceProcess> ServiceAsync()
    {
        var service = await ServiceProcess.StartAsync();
        _running.Push(service);
        return service;
    }

    private string Configuration(Topology topology, string root, DevelopmentAuthority authority, ServiceProcess service, ServiceProcess many) => $$"""
        url: https://{{DemoHosts.Door}}
        certificates: [ { cert: {{authority.CertificateFile}}, key: {{authority.KeyFile}} } ]
        store: { {{(_postgres is null ? $"sqlite: {_work.Folder}/doorward.db" : $"postgres: \"{_postgres}\", listen: {(topology.Listen ? "true" : "false")} ")}} }
        root_key_file: {{root}}
        log: { level: warn }
        include: [ policies.yaml ]
        admins: people
        identity_providers: [ { name: {{Person.Provider}}, issuer: "{{Provider.Issuer}}", client_id: {{Client}}, client_secret: a-secret } ]
        scim: [ { name: {{Directory}}, provider: {{Person.Provider}}, token: {{ScimToken}} } ]
        signals: [ { name: {{Transmitter}}, providers: [ {{Person.Provider}} ], issuer: "{{Provider.Issuer}}", jwks: "{{Provider.Keys}}", events: [ session-revoked ] } ]
        posture: [ { name: {{DeviceManager}}, provider: {{Person.Provider}}, secret: {{Secret}} } ]
        routes:
          - { name: app, from: "https://{{Host}}", to: "http://127.0.0.1:{{service.Http1}}", policy: people }
          - { name: calls, from: "https://{{Host}}", prefix: {{Service.Calls}}, to: "h2c://127.0.0.1:{{service.Http2}}", policy: people }
          - { name: many, from: "https://{{Host}}", prefix: {{Service.Many}}, to: "h2c://127.0.0.1:{{many.Http2}}", policy: people, idle_timeout: 0s }

        """;
}
