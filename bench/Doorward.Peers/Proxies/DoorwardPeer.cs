using System.Diagnostics;
using System.Globalization;
using System.Text;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;

namespace Doorward.Peers.Proxies;

/// <summary>
/// Doorward with the whole product on: routes, sessions, a policy with a group, a claim and a deny rule, audit, assertion, metrics.
/// Its sessions are written into its store beforehand, by its own code, as sign-ins would.
/// </summary>
internal static class DoorwardPeer
{
    public const string Host = "app.door.localhost";

    public static async Task<Peer> StartAsync(string name, Stage stage, Shape shape, Action<TimeSpan> started, CancellationToken cancellation)
    {
        var work = stage.Work;
        var folder = Directory.CreateDirectory(Path.Combine(work.Folder, Guid.NewGuid().ToString("N"))).FullName;
        var root = Path.Combine(folder, "root.key");
        RootKey.CreateFile(root);
        var store = Path.Combine(folder, "doorward.db");
        var cookies = await SeedAsync(store, root, shape, cancellation);
        var scheme = shape.Secure ? "https" : "http";
        var port = Workspace.FreePort();
        var health = Workspace.FreePort();
        var metrics = Workspace.FreePort();
        var config = Path.Combine(folder, "doorward.yaml");
        await File.WriteAllTextAsync(config, Configuration(work, scheme, port, health, metrics, store, root, shape.Routes), cancellation);
        var began = Stopwatch.GetTimestamp();
        var process = stage.Commands.Start(Commands.ProxyCore, Path.GetFullPath("bench/artifacts/product/doorward"), ["serve", "--config", config],
            output: Path.Combine(folder, "records"));
        await Ready.WaitAsync(new Uri($"http://127.0.0.1:{health}/readyz"), cancellation, mustBeOk: true);
        started(Stopwatch.GetElapsedTime(began));
        var script = work.Write($"{name}.lua".Replace(' ', '-'), Lua.Rotating($"{Host}:{port}", cookies));
        return new Peer(name, $"{scheme}://127.0.0.1:{port}/", script, [process.Id])
        {
            WarmsUp = true,
            Metrics = new Uri($"http://127.0.0.1:{metrics}/metrics"),
            Secure = shape.Secure ? new(SecureKind.Http1, Host, cookies[0]) : null,
        };
    }

    private static async Task<IReadOnlyList<string>> SeedAsync(string path, string rootPath, Shape shape, CancellationToken cancellation)
    {
        await using var signIns = await SignIns.OpenAsync(new StoreOptions { Sqlite = path, RootKeyFile = rootPath }, cancellation);
        List<string> used = [];
        for (var i = 0; i < shape.Sessions; i++)
        {
            var session = await signIns.SignInAsync(Somebody(i));
            if (used.Count < shape.SessionsInUse) used.Add(await signIns.CookieAsync(session, shape.Secure ? "__Host-" + Product : Product, Host));
        }
        return used;
    }

    private const string Product = "doorward";

    private static SignedIn Somebody(int number) => new()
    {
        Provider = "corp",
        Subject = number.ToString(CultureInfo.InvariantCulture),
        Name = $"Person {number}",
        Email = $"person{number}@example.com",
        EmailVerified = true,
        Groups = [.. Enumerable.Range(0, 20).Select(group => new GroupFact($"group-{group}"))],
        Claims = new Dictionary<string, FactValue> { ["department"] = new("ops") },
        AuthTime = DateTimeOffset.UtcNow,
        Tokens = new("access", null, null, null),
    };

    private static string Configuration(Workspace work, string scheme, int port, int health, int metrics, string store, string root, int routes)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            url: {{scheme}}://door.localhost:{{port}}
            listeners: { {{(scheme == "https" ? "https" : "insecure_http")}}: "127.0.0.1:{{port}}", health: "127.0.0.1:{{health}}", metrics: "127.0.0.1:{{metrics}}" }
            store: { sqlite: {{store}} }
            root_key_file: {{root}}
            certificates: [ { cert: {{work.Folder}}/tls.pem, key: {{work.Folder}}/tls.key } ]
            identity_providers: [ { name: corp, issuer: "http://localhost:1/", client_id: doorward } ]
            policies:
              ops: { allow: { and: [ { groups: { has: group-7 } }, { claim/department: { has: ops } } ] }, deny: { or: [ { http_path: { starts_with: /forbidden } } ] } }
            routes:
              - { name: app, from: "{{scheme}}://{{Host}}:{{port}}", to: "http://127.0.0.1:{{work["upstream"]}}", policy: ops }
            """);
        for (var i = 1; i < routes; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $$"""  - { name: r{{i}}, from: "{{scheme}}://r{{i}}.door.localhost:{{port}}", to: "http://127.0.0.1:{{work["upstream"]}}", policy: ops }""");
        return text.ToString();
    }
}

/// <summary>How much there is to carry.</summary>
internal sealed record Shape(int Routes, int Sessions, int SessionsInUse, bool Secure = false);
