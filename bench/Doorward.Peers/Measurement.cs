namespace Doorward.Peers;

/// <summary>One round of one peer.</summary>
/// <param name="Load">What the generator saw.</param>
/// <param name="CpuPerThousand">Milliseconds of user and system time that 1,000 requests cost the peer.</param>
internal sealed record Measurement(LoadResult Load, double CpuPerThousand)
{
    public static async Task<Measurement> TakeAsync(Peer peer, int connections, int seconds)
    {
        var before = Cpu.Milliseconds(peer.Processes);
        var load = await Generator.RunAsync(peer.Script, peer.Url, connections, seconds);
        return new Measurement(load, (Cpu.Milliseconds(peer.Processes) - before) * 1000 / load.Requests);
    }
}

/// <summary>A proxy under measurement, already running.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="Url">Where the load goes.</param>
/// <param name="Script">The generator's script: which requests it sends.</param>
/// <param name="Processes">The roots of its processes, its helpers included.</param>
internal sealed record Peer(string Name, string Url, string Script, IReadOnlyList<int> Processes)
{
    /// <summary>Where it says how many decisions it made; only Doorward does.</summary>
    public Uri? Metrics { get; init; }
}

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
