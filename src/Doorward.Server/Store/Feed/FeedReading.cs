namespace Doorward.Server.Store.Feed;

/// <summary>How what a node remembers of the feed agrees with what the store says.</summary>
internal enum History
{
    /// <summary>Everything since then is there.</summary>
    Continues,

    /// <summary>Some changes since then are no longer kept.</summary>
    Missed,

    /// <summary>The store no longer knows what the node remembers: a backup was restored, or a fail-over lost writes.</summary>
    WentBack,
}

/// <summary>A point in the feed, and the transaction that wrote there: the same number after a restored backup is another point.</summary>
internal sealed record FeedPoint(long Position, string? Writer, long Epoch);

/// <summary>One look at the feed: its rows from the remembered point on, that row included.</summary>
internal sealed record FeedReading(long Last, long Epoch, long Now, IReadOnlyList<FeedRow> Rows)
{
    /// <summary>Rows that one look fetches; the next look fetches on at once.</summary>
    public const int Limit = 1000;

    /// <summary>Where this reading ends.</summary>
    public FeedPoint End => Rows.Count == 0 ? new(Last, null, Epoch) : new(Rows[^1].Id, Rows[^1].Writer, Epoch);

    /// <summary>What changed since the remembered point.</summary>
    public IReadOnlyList<Change> ChangesSince(FeedPoint known) => [.. Rows.Where(row => row.Id > known.Position).Select(row => new Change(row.Kind, row.Key, row.Cause))];

    public History Compare(FeedPoint known)
    {
        if (Last < known.Position || Epoch < known.Epoch)
            return History.WentBack;
        if (Epoch > known.Epoch)
            return History.Missed;
        // Before the first change there is no row to compare.
        var next = known.Position == 0 ? 1 : known.Position;
        if (known.Position > 0 && Rows.Count > 0 && Rows[0].Id == known.Position && Rows[0].Writer != known.Writer)
            return History.WentBack;
        if (Rows.Any(row => row.Id != next++))
            return History.Missed;
        return next > Last || Rows.Count == Limit ? History.Continues : History.Missed;
    }

    /// <param name="connection">To read by.</param>
    /// <param name="from">The remembered position; null for only the newest.</param>
    public static async Task<FeedReading> ReadAsync(StoreConnection connection, long? from)
    {
        var first = from is null ? "(SELECT last FROM feed)" : "@from";
        // last is read before the rows: the other way round, a change committed in between would look like a gap.
        var (heads, rows) = await connection.QueryAsync<Head, FeedRow>(
            $"""
            SELECT last, epoch, {connection.Now} AS now FROM feed;
            SELECT id, kind, key, writer, cause FROM changes WHERE id >= {first} ORDER BY id LIMIT {Limit}
            """, new { from });
        var head = heads.Single();
        return new(head.Last, head.Epoch, head.Now, rows);
    }

    private sealed record Head(long Last, long Epoch, long Now);
}

internal sealed record FeedRow(long Id, string Kind, string Key, string Writer, string? Cause);
