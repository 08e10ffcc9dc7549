using System.Diagnostics;
using Doorward.Server.Audit;

namespace Doorward.AuditBench;

/// <summary>CPU of one request's two records, with the committer's share: chain, flush, the next segments.</summary>
internal static class AppendBench
{
    private const int Requests = 300_000;

    /// <summary>At full speed the disk is the limit; a proxy never is that fast.</summary>
    private const int PerSecond = 50_000;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("doorward-bench-").FullName;
        try
        {
            await using var trail = AuditTrail.Open(new() { Folder = folder, SpaceBytes = 8L << 30 }, TimeProvider.System);
            var ids = Enumerable.Range(0, Requests).Select(i => $"r{i:D18}").ToArray();
            for (var round = 0; round < 5; round++)
            {
                var (off, on) = (await RoundAsync(null, ids), await RoundAsync(trail, ids));
                System.Console.WriteLine(
                    $"append: {on.Cpu - off.Cpu:F2} us CPU a request (on {on.Cpu:F2}, off {off.Cpu:F2}), {on.Path - off.Path:F2} us on its path, {on.Allocated - off.Allocated:F0} B allocated");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Cpu, double Path, double Allocated)> RoundAsync(AuditTrail? trail, string[] ids)
    {
        var (cpu, watch, allocated, path) = (Cpu(), Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(), 0L);
        for (var i = 0; i < ids.Length; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var (decision, end) = (Sample.Decision(i, ids[i]), Sample.End(ids[i]));
            if (trail is not null)
            {
                if (await trail.Append(decision) == Appended.Refused) throw new InvalidOperationException("refused");
                trail.Append(end);
            }
            // As the drain to the store does, a second later.
            if (trail is not null && i % PerSecond == 0) trail.Release(new ChainPosition(trail.Node, trail.Durable.Mark.Head.Sequence));
            path += Stopwatch.GetTimestamp() - began;
            // In bursts, as requests come: ten milliseconds' worth, then a pause.
            if (i % (PerSecond / 100) == 0 && TimeSpan.FromSeconds((double)i / PerSecond) - watch.Elapsed is { Ticks: > 0 } early) Thread.Sleep(early);
        }
        if (trail is not null)
        {
            await trail.FlushAsync();
            trail.Release(new ChainPosition(trail.Node, trail.Durable.Mark.Head.Sequence));
        }
        return ((Cpu() - cpu).TotalMicroseconds / ids.Length, path * 1e6 / Stopwatch.Frequency / ids.Length, (GC.GetTotalAllocatedBytes() - allocated) / (double)ids.Length);
    }

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
