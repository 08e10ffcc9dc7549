using System.Globalization;
using Doorward.Peers.Proxies;

namespace Doorward.Peers;

/// <summary>Doorward without its peers, for somebody who holds a profiler to it or counts instructions.</summary>
internal static class Alone
{
    public static async Task<int> RunAsync(int rounds, int seconds, CancellationToken cancellation)
    {
        using var work = new Workspace();
        using var commands = new Commands();
        ServerCertificateFile.Write(work);
        SimplePeers.StartUpstream(work, commands);
        var start = TimeSpan.Zero;
        var peer = await DoorwardPeer.StartAsync("doorward", work, commands, new Shape(1_000, 1_000, 1_000), took => start = took, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"process {peer.Processes[0]}, started in {start.TotalSeconds:F2} s, at {peer.Url}"));
        for (var round = 0; round < rounds; round++)
        {
            var taken = await Measurement.TakeAsync(peer, 32, seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{taken.Load.PerSecond:F0} requests/s, {taken.CpuPerThousand:F1} ms of CPU per 1,000, {taken.CpuUntilAnswered:F1} of them until the last answer, p99 {taken.Load.P99:F1} ms"));
        }
        return 0;
    }
}
