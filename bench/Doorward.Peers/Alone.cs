using System.Globalization;
using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>Doorward in turn with the bare forwarder, both asked for the same pages with the same cookies: for somebody who holds a profiler to them, or counts instructions.</summary>
internal static class Alone
{
    public static async Task<int> RunAsync(int rounds, int seconds, CancellationToken cancellation)
    {
        using var stage = new Stage();
        var ours = await DoorwardPeer.StartAsync("doorward", stage, new Shape(1_000, 1_000, 1_000), cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ours.Name}: process {ours.Processes[0]}, at {ours.Url}"));
        var bare = SimplePeers.StartYarp(stage, ours.Script);
        await Ready.WaitAsync(new Uri(bare.Url), cancellation);
        Console.WriteLine($"{bare.Name}: process {bare.Processes[0]}, at {bare.Url}");
        for (var round = 0; round < rounds; round++)
            foreach (var peer in (Peer[])[ours, bare])
            {
                var taken = await Measurement.TakeAsync(peer, Comparison.Connections, seconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peer.Name}: {taken.Load.PerSecond:F0} requests/s, {taken.CpuPerThousand:F1} ms of CPU per 1,000, {taken.CpuUntilAnswered:F1} of them until the last answer, p99 {taken.Load.P99:F1} ms"));
            }
        return 0;
    }
}
