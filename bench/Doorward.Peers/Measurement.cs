namespace Doorward.Peers;

/// <summary>One round of one peer.</summary>
/// <param name="Load">What the generator saw.</param>
/// <param name="CpuPerThousand">Milliseconds of user and system time that 1,000 requests cost the peer, with what it still had to do when all were answered.</param>
/// <param name="CpuUntilAnswered">The part of it until the last answer.</param>
internal sealed record Measurement(LoadResult Load, double CpuPerThousand, double CpuUntilAnswered)
{
    public static async Task<Measurement> TakeAsync(Peer peer, int connections, int seconds)
    {
        var before = Cpu.Milliseconds(peer.Processes);
        var load = peer.Secure is { } secure ? await SecureGenerator.RunAsync(secure, peer.Url, connections, seconds) : await Generator.RunAsync(peer.Script, peer.Url, connections, seconds);
        var answered = Cpu.Milliseconds(peer.Processes);
        await peer.SettleAsync();
        return new Measurement(load, (Cpu.Milliseconds(peer.Processes) - before) * 1000 / load.Requests, (answered - before) * 1000 / load.Requests);
    }
}

/// <summary>A proxy under measurement, already running.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="Url">Where the load goes.</param>
/// <param name="Script">The generator's script: which requests it sends.</param>
/// <param name="Processes">The roots of its processes, its helpers included.</param>
internal sealed record Peer(string Name, string Url, string Script, IReadOnlyList<int> Processes)
{
    /// <summary>Where it says how many decisions it made, and how many records still have to go to its store; only Doorward does.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>How it is asked over TLS; null where it is asked without, by the script.</summary>
    public SecureLoad? Secure { get; init; }

    /// <summary>Whether it is compiled while it runs: the compiler has the same core, and is done only after a minute or two of load.</summary>
    public bool WarmsUp { get; init; }

    /// <summary>Waits until nothing is left to do for requests that were answered: it belongs to what they cost, and would disturb the next peer.</summary>
    public Task SettleAsync() => Metrics is { } metrics ? Backlog.EmptyAsync(metrics) : Task.CompletedTask;
}

internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
