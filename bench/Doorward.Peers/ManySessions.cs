using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>What it costs that a hundred thousand people are signed in and all of them ask, against one: ./bench/run sessions.</summary>
internal static class ManySessions
{
    private const int Many = 100_000;
    private const int WarmUp = 120;

    public static async Task<int> RunAsync(int rounds, int seconds, CancellationToken cancellation)
    {
        using var stage = new Stage();
        List<Peer> peers = [];
        foreach (var number in (int[])[1, Many])
            peers.Add(await DoorwardPeer.StartAsync($"doorward, {number:N0} sessions", stage, new Shape(1_000, number, number), cancellation));
        foreach (var peer in peers) await Measurement.TakeAsync(peer, Comparison.Connections, WarmUp);
        var taken = peers.ToDictionary(peer => peer.Name, _ => new List<Measurement>());
        for (var round = 0; round < rounds; round++)
            foreach (var peer in peers) taken[peer.Name].Add(await Measurement.TakeAsync(peer, Comparison.Connections, seconds));
        var memory = peers.ToDictionary(peer => peer.Name, peer => Cpu.ResidentMebibytes(peer.Processes));
        Console.WriteLine(Table.Of(taken, memory, peers[0].Name));
        return Goals.Print(
            new("CPU per request with 100,000 sessions against 1", Table.Cpu(taken[peers[1].Name]) / Table.Cpu(taken[peers[0].Name]), 1.1, Must: false),
            new("resident KiB for each of 99,999 more sessions", (memory[peers[1].Name] - memory[peers[0].Name]) * 1024 / (Many - 1), 1, Must: false));
    }
}
