namespace Doorward.Server.Store.Tables;

/// <summary>The bounds of a table.</summary>
internal sealed record TableOptions
{
    /// <summary>Entries, approximately; the least lately used go first. Default 100,000: about 100 MiB of sessions.</summary>
    public int Capacity { get; init; } = 100_000;

    /// <summary>
    /// How long a request waits for an entry that is not in memory; then it gets 503. Default 2 s: what a look at the feed may take. A
    /// busy machine or a store that swaps its primary answers within it, and people rather wait than read that they should; where the
    /// store is away nobody waits, because its circuit is open.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Rows that one load reads, where so many wait. Default 64: a node that meets thousands of people at once, because another has died,
    /// asks the store some hundred times, not some ten thousand.
    /// </summary>
    public int Batch { get; init; } = 64;

    /// <summary>Loads at a time. Default 16, so that a burst of misses leaves connections for others.</summary>
    public int Concurrency { get; init; } = 16;
}
