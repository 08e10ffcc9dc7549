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

    public static async Task<Peer> StartAsync(string name, Stage stage, Shape shape, CancellationToken cancellation)
    {
        var place = await Place.MakeAsync(stage, shape, cancellation);
        var (process, _) = await place.StartAsync(stage, Commands.ProxyCore, cancellation);
        var script = stage.Work.Write($"{name}.lua".Replace(' ', '-'), Lua.Rotating($"{Host}:{place.Port}", place.Cookies));
        return new Peer(name, $"{place.Scheme}://127.0.0.1:{place.Port}/", script, [process.Id])
        {
            WarmsUp = true,
            Metrics = new Uri($"http://127.0.0.1:{place.Metrics}/metrics"),
            Secure = shape.Secure ? new(SecureKind.Http1, Host, place.Cookies[0]) : null,
        };
    }

    /// <summary>How long it takes from the start of a process until it says that it is ready, each time on the store that the last left. It has the machine to itself.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> StartTimesAsync(Stage stage, Shape shape, int times, CancellationToken cancellation)
    {
        var place = await Place.MakeAsync(stage, shape, cancellation);
        List<TimeSpan> taken = [];
        for (var i = 0; i < times; i++)
        {
            var (process, took) = await place.StartAsync(stage, core: null, cancellation);
            taken.Add(took);
            await Commands.StopAsync(process, cancellation);
        }
        return taken;
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

    /// <summary>A folder with a configuration and a store, and ports of its own.</summary>
    private sealed record Place(string Scheme, int Port, int Health, int Metrics, string Folder, IReadOnlyList<string> Cookies)
    {
        private const string State = "state";

        private string Config => Path.Combine(Folder, "doorward.yaml");

        public static async Task<Place> MakeAsync(Stage stage, Shape shape, CancellationToken cancellation)
        {
            var folder = Directory.CreateDirectory(Path.Combine(stage.Work.Folder, Guid.NewGuid().ToString("N"))).FullName;
            // Apart from the configuration, as everywhere in the documentation: its folder is watched.
            var state = Directory.CreateDirectory(Path.Combine(folder, State)).FullName;
            var (store, root) = (Path.Combine(state, "doorward.db"), Path.Combine(folder, "root.key"));
            RootKey.CreateFile(root);
            var place = new Place(shape.Secure ? "https" : "http", Workspace.FreePort(), Workspace.FreePort(), Workspace.FreePort(), folder, await SeedAsync(store, root, shape, cancellation));
            await File.WriteAllTextAsync(place.Config, Configuration(stage.Work, place, store, root, shape.Routes), cancellation);
            return place;
        }

        public async Task<(Process Process, TimeSpan Took)> StartAsync(Stage stage, int? core, CancellationToken cancellation)
        {
            var began = Stopwatch.GetTimestamp();
            var process = stage.Commands.Start(core, Path.GetFullPath("bench/artifacts/product/doorward"), ["serve", "--config", Config], output: Path.Combine(Folder, State, "records"));
            await Ready.WaitAsync(new Uri($"http://127.0.0.1:{Health}/readyz"), cancellation, mustBeOk: true);
            return (process, Stopwatch.GetElapsedTime(began));
        }
    }

    private static string Configuration(Workspace work, Place place, string store, string root, int routes)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            url: {{place.Scheme}}://door.localhost:{{place.Port}}
            listeners: { {{(place.Scheme == "https" ? "https" : "insecure_http")}}: "127.0.0.1:{{place.Port}}", health: "127.0.0.1:{{place.Health}}", metrics: "127.0.0.1:{{place.Metrics}}" }
            store: { sqlite: {{store}} }
            root_key_file: {{root}}
            certificates: [ { cert: {{work.Folder}}/tls.pem, key: {{work.Folder}}/tls.key } ]
            identity_providers: [ { name: corp, issuer: "http://localhost:1/", client_id: doorward } ]
            policies:
              ops: { allow: { and: [ { groups: { has: group-7 } }, { claim/department: { has: ops } } ] }, deny: { or: [ { http_path: { starts_with: /forbidden } } ] } }
            routes:
              - { name: app, from: "{{place.Scheme}}://{{Host}}:{{place.Port}}", to: "http://127.0.0.1:{{work["upstream"]}}", policy: ops }
            """);
        for (var i = 1; i < routes; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $$"""  - { name: r{{i}}, from: "{{place.Scheme}}://r{{i}}.door.localhost:{{place.Port}}", to: "http://127.0.0.1:{{work["upstream"]}}", policy: ops }""");
        return text.ToString();
    }
}

/// <summary>How much there is to carry.</summary>
internal sealed record Shape(int Routes, int Sessions, int SessionsInUse, bool Secure = false);
