using System.Collections.Concurrent;
using System.Security.Cryptography;
using Doorward.Demo;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.Playwright;

namespace Doorward.EndToEnd.Tests.Nodes;

/// <summary>
/// Everything of others, and of ours only <c>doorward serve</c>: nginx with a site, a certified provider, PostgreSQL, a balancer, and
/// as many nodes as a test starts.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Handbook = "handbook.door.localhost";
    public const string Runbooks = "runbooks.door.localhost";

    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-site-").FullName;
    private readonly Stack<IAsyncDisposable> _running = [];
    private readonly DevelopmentAuthority _authority;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _records = [];
    private readonly Balancer _balancer = new();
    private string _configuration = "";

    private Site() => _authority = new(_folder, TimeProvider.System);

    public NginxSite Nginx { get; private set; } = null!;

    /// <summary>Who vouches for every host's certificate.</summary>
    public string AuthorityFile => _authority.AuthorityFile;

    public Uri Door => new($"https://door.localhost:{_balancer.Port}/");

    /// <param name="more">More routes, in the configuration's words; told where people open a host.</param>
    /// <param name="postgres">The connection string of the store; null for a database that nobody stops.</param>
    public static async Task<Site> StartAsync(Func<Site, string>? more = null, string? postgres = null)
    {
        var site = new Site();
        site._running.Push(site._balancer);
        site._authority.Prepare();
        site.Nginx = await NginxSite.StartAsync(new Dictionary<string, string> { [Handbook] = "The handbook", [Runbooks] = "The runbooks" });
        site._running.Push(site.Nginx);
        var provider = await NodePeer.StartAsync("oidc-provider-peer.mjs", new Uri(site.Door, Paths.Callback).AbsoluteUri, new Uri(site.Door, Paths.SignedOut).AbsoluteUri, "ask");
        site._running.Push(provider);
        site._configuration = site.Configuration((await provider.Output.ReadLineAsync())!, postgres ?? await Postgres.NewDatabaseAsync()) + more?.Invoke(site);
        return site;
    }

    /// <summary>As people open it.</summary>
    public Uri App(string host) => new UriBuilder(Door) { Host = host }.Uri;

    /// <summary>As a route's <c>from</c> says it.</summary>
    public string Origin(string host) => App(host).GetLeftPart(UriPartial.Authority);

    /// <summary>Starts a node, or starts one of that name again. The balancer knows it once <see cref="Balance"/> names it.</summary>
    public async Task<ServeProcess> StartAsync(string node)
    {
        var file = ConfigurationOf(node);
        await File.WriteAllTextAsync(file, _configuration.Replace("NODE", Path.Combine(_folder, node), StringComparison.Ordinal));
        var started = await ServeProcess.StartAsync(file, _records.GetOrAdd(node, []));
        _running.Push(started);
        return started;
    }

    public void Balance(params IEnumerable<ServeProcess> nodes) => _balancer.Use([.. nodes.Select(node => node.Port)]);

    /// <summary>A program that asks this node alone; the balancer where none is named.</summary>
    public NodeClient Client(ServeProcess? node = null) => new(node?.Port ?? _balancer.Port, AuthorityFile);

    /// <summary>The file that a node goes by, as commands on its machine find it.</summary>
    public string ConfigurationOf(string node) => Path.Combine(_folder, $"{node}.yaml");

    /// <summary>A program on a node's own machine, which may administer.</summary>
    public NodeClient Administrator(string node) => NodeClient.OnSocket(Path.Combine(_folder, $"{node}.sock"));

    /// <summary>The lines that a node has written in all its lives.</summary>
    public IEnumerable<string> RecordsOf(string node) => _records[node];

    /// <summary>Opens a page as a stranger does, and signs in.</summary>
    public async Task<IPage> SignInAsync(IBrowserContext person, string name, string host)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync(App(host).AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).Host == host);
        return page;
    }

    /// <summary>The cookie of a person's session at a host, as a program would send it.</summary>
    public static async Task<string> CookieAsync(IBrowserContext person, string host)
    {
        var cookie = (await person.CookiesAsync()).Single(one => one.Domain == host && one.Name == "__Host-doorward");
        return $"{cookie.Name}={cookie.Value}";
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var last)) await last.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration(string issuer, string postgres) => $$"""
        url: {{Door}}
        listeners: { https: "127.0.0.1:0", health: "127.0.0.1:0", admin_socket: NODE.sock }
        certificates: [ { cert: {{_authority.CertificateFile}}, key: {{_authority.KeyFile}} } ]
        store: { postgres: "{{postgres}}" }
        root_key: "{{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}}"
        audit: { folder: NODE-audit }
        # What is tested is not how long a busy machine may take.
        staleness: { limit: 5m }
        identity_providers:
          - { name: certified, title: the certified provider, issuer: "{{issuer}}", client_id: doorward, client_secret: "a secret with spaces & signs: +/=%" }
        admins: { allow: { and: [ { groups: { has: sre } } ] } }
        policies:
          staff: { allow: { and: [ { groups: { has: staff } } ] } }
          on-call: { allow: { and: [ { groups: { has: sre } } ] } }
        routes:
          - { name: Handbook, description: For everybody who works here, from: "{{Origin(Handbook)}}", to: "http://127.0.0.1:{{Nginx.Port}}", preserve_host_header: true, policy: staff }
          - { name: Runbooks, description: For those on call, from: "{{Origin(Runbooks)}}", to: "http://127.0.0.1:{{Nginx.Port}}", preserve_host_header: true, policy: on-call, show_error_details: true }

        """;
}
