using System.Diagnostics;
using System.Globalization;
using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>The whole run: peers interleaved round by round, so that a machine whose speed drifts is fair to all.</summary>
internal static class Comparison
{
    public const int Connections = 32;
    private const string Floor = "nginx + auth_request";
    private const string Ours = "doorward";
    private const string Many = "doorward, 10,000 routes";

    /// <summary>Seconds of load that are thrown away, for a peer that is compiled while it runs, for one that is so already but asked in another way, and for the others.</summary>
    private const int WarmUp = 120, Again = 20, ShortWarmUp = 3;

    private const int Starts = 7;

    public static async Task<int> RunAsync(int rounds, int seconds, CancellationToken cancellation)
    {
        using var stage = new Stage();
        var began = Stopwatch.GetTimestamp();
        // First, while nothing else runs.
        var starts = await DoorwardPeer.StartTimesAsync(stage, new Shape(1_000, 10_000, 1), Starts, cancellation);
        Console.WriteLine($"Starts with 1,000 routes, seconds: {string.Join(", ", starts.Select(start => start.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture)))}");
        List<Peer> peers =
        [
            .. SimplePeers.Start(stage),
            await Apache.StartAsync(stage, cancellation),
            await DoorwardPeer.StartAsync(Ours, stage, new Shape(1_000, 10_000, 1_000), cancellation),
            await DoorwardPeer.StartAsync(Many, stage, new Shape(10_000, 10_000, 1_000), cancellation),
        ];
        foreach (var peer in peers) await Ready.WaitAsync(new Uri(peer.Url), cancellation);
        var secure = await SecureAsync(stage, peers.Single(peer => peer.Name == Floor), cancellation);
        var proofs = new Proofs(stage.Work);
        var taken = peers.Concat(secure).ToDictionary(peer => peer.Name, _ => new List<Measurement>());
        foreach (var peer in peers) await Measurement.TakeAsync(peer, Connections, peer.WarmsUp ? WarmUp : ShortWarmUp);
        foreach (var peer in secure) await Measurement.TakeAsync(peer, Connections, !peer.WarmsUp ? ShortWarmUp : peer.Secure!.Kind == SecureKind.Http1 ? WarmUp : Again);
        for (var round = 0; round < rounds; round++)
            foreach (var peer in peers.Concat(secure))
                taken[peer.Name].Add(peer.Metrics is null ? await Measurement.TakeAsync(peer, Connections, seconds) : await proofs.TakeAsync(peer, Connections, seconds));
        var memory = peers.Concat(secure).ToDictionary(peer => peer.Name, peer => Cpu.ResidentMebibytes(peer.Processes));
        Console.WriteLine(Table.Of(taken.Where(pair => peers.Any(peer => peer.Name == pair.Key)), memory, Floor));
        foreach (var kind in Enum.GetValues<SecureKind>())
            Console.WriteLine(Table.Of(taken.Where(pair => pair.Key == Name(Floor, kind) || pair.Key == Name(Ours, kind)), memory, Name(Floor, kind)));
        foreach (var (name, failures) in taken.Select(pair => (pair.Key, pair.Value.Sum(round => round.Load.Failures))).Where(pair => pair.Item2 > 0))
            Console.WriteLine($"{name}: {failures} answers were not 2xx");
        Console.WriteLine($"The run took {Stopwatch.GetElapsedTime(began).TotalMinutes:F0} minutes on {Environment.ProcessorCount} cores.");
        return Goals.Print(
            new("CPU per signed-in request against nginx + auth_request", Table.Cpu(taken[Ours]) / Table.Cpu(taken[Floor]), 0.75, Must: true),
            new("CPU per request with 10,000 routes against 1,000", Table.Cpu(taken[Many]) / Table.Cpu(taken[Ours]), 1.05, Must: true),
            new("start to the first answer with 1,000 routes, seconds", Statistics.Median(starts.Select(start => start.TotalSeconds)), 1, Must: true),
            new("p99 of latency against nginx + auth_request", Table.P99(taken[Ours]) / Table.P99(taken[Floor]), 1, Must: false),
            new("TLS, HTTP/1.1: CPU against nginx + auth_request", Ratio(taken, SecureKind.Http1), 0.8, Must: false),
            new("HTTP/2: CPU against nginx + auth_request", Ratio(taken, SecureKind.Http2), 0.85, Must: false),
            new("new TLS connections: CPU against nginx + auth_request", Ratio(taken, SecureKind.NewConnections), 1.1, Must: false),
            new("resident KiB for each of 9,000 more routes", (memory[Many] - memory[Ours]) * 1024 / 9_000, 4, Must: false),
            new("CPU against apache + mod_auth_openidc", Table.Cpu(taken[Ours]) / Table.Cpu(taken["apache + mod_auth_openidc"]), 0.35, Must: false),
            new("CPU against caddy + forward_auth", Table.Cpu(taken[Ours]) / Table.Cpu(taken["caddy + forward_auth"]), 0.25, Must: false),
            new("CPU against nginx, plain", Table.Cpu(taken[Ours]) / Table.Cpu(taken["nginx, plain"]), 1.7, Must: false));
    }

    /// <summary>The same two over TLS, each asked in three ways: one process of ours, and the floor's own nginx.</summary>
    private static async Task<IReadOnlyList<Peer>> SecureAsync(Stage stage, Peer floor, CancellationToken cancellation)
    {
        var ours = await DoorwardPeer.StartAsync(Ours + ", TLS", stage, new Shape(1_000, 1_000, 1, Secure: true), cancellation);
        var asked = new SecureLoad(SecureKind.Http1, DoorwardPeer.Host, "app_session=0123456789abcdef0123456789abcdef");
        return [.. Enum.GetValues<SecureKind>().SelectMany(kind => (Peer[])
        [
            floor with { Name = Name(Floor, kind), Url = $"https://127.0.0.1:{stage.Work["nginxtls"]}/", Secure = asked with { Kind = kind } },
            ours with { Name = Name(Ours, kind), Secure = ours.Secure! with { Kind = kind } },
        ])];
    }

    private static double Ratio(Dictionary<string, List<Measurement>> taken, SecureKind kind) => Table.Cpu(taken[Name(Ours, kind)]) / Table.Cpu(taken[Name(Floor, kind)]);

    private static string Name(string peer, SecureKind kind) => kind switch
    {
        SecureKind.Http1 => $"{peer}, TLS, HTTP/1.1",
        SecureKind.Http2 => $"{peer}, TLS, HTTP/2",
        _ => $"{peer}, a new TLS connection each",
    };
}
