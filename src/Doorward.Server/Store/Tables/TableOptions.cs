namespace Doorward.Server.Store.Tables;

/// <summary>The bounds of a table.</summary>
internal sealed record TableOptions
{
    /// <summary>Entries, approximately; the least lately used go first. Default 100,000: about 100 MiB of sessions.</summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>How long a request waits for an entry that is not in memory. Default 250 ms: then it gets 503.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Loads at a time. Default 16, so that a burst of misses leaves connections for others.</summary>
    public int Concurrency { get; init; } = 16;
}
