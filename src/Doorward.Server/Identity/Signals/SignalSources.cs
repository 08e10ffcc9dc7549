using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>How one source of signals does, as the store keeps it: a transmitter, a provider's logout, a directory, a posture source.</summary>
internal sealed record SourceRow
{
    public string Source { get; init; } = "";
    public long Taken { get; init; }
    public long Unmatched { get; init; }
    public long? Heard { get; init; }
    public string? LastEvent { get; init; }
    public long? Asked { get; init; }
    public string? State { get; init; }
    public long? Echoed { get; init; }
    public string? Status { get; init; }
    public string? Reason { get; init; }
}

/// <summary>What was taken of which source, in the store. Part of the transaction that takes it.</summary>
internal static class SignalSources
{
    /// <summary>The kind under which a stream's new status is told; the key is the source.</summary>
    public const string Kind = "signal-source";

    private const string Columns = "source, taken, unmatched, heard, last_event AS LastEvent, asked, state, echoed, status, reason";

    /// <summary>Ids of messages, and marks, are kept for longer than any message is taken after it was made.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Notes that a message is being taken.</summary>
    /// <returns>False where it was taken before, on whichever node.</returns>
    public static async Task<bool> TakeAsync(Transaction transaction, string issuer, string id, DateTimeOffset now) => await transaction.ExecuteAsync(
        "INSERT INTO signals_taken (issuer, id, at) VALUES (@issuer, @id, @at) ON CONFLICT (issuer, id) DO NOTHING", new { issuer, id, at = now.ToUnixTimeMilliseconds() }) == 1;

    /// <summary>Notes that a word about something is the newest.</summary>
    /// <returns>False where a newer one was taken before: this one changes nothing.</returns>
    public static async Task<bool> IsNewestAsync(Transaction transaction, string source, string kind, string subject, DateTimeOffset at) => await transaction.ExecuteAsync(
        """
        INSERT INTO signal_marks (source, kind, subject, at) VALUES (@source, @kind, @subject, @at)
        ON CONFLICT (source, kind, subject) DO UPDATE SET at = @at WHERE signal_marks.at <= @at
        """,
        new { source, kind, subject, at = at.ToUnixTimeMilliseconds() }) == 1;

    /// <summary>Counts a message that was taken. Last in its transaction: every message of a source waits for the same row, and for the feed's before it.</summary>
    public static Task HeardAsync(Transaction transaction, string source, string act, bool matched, DateTimeOffset now) => HeardAsync(transaction, source, act, 1, matched ? 0 : 1, now);

    /// <inheritdoc cref="HeardAsync(Transaction, string, string, bool, DateTimeOffset)"/>
    public static Task HeardAsync(Transaction transaction, string source, string act, long taken, long unmatched, DateTimeOffset now) => transaction.ExecuteAsync(
        $"""
        {transaction.Alone};
        INSERT INTO signal_sources (source, taken, unmatched, heard, last_event) VALUES (@source, @taken, @unmatched, @now, @act)
        ON CONFLICT (source) DO UPDATE SET taken = signal_sources.taken + @taken, unmatched = signal_sources.unmatched + @unmatched, heard = @now, last_event = @act
        """,
        new { source, act, taken, unmatched, now = now.ToUnixTimeMilliseconds() });

    public static Task<IReadOnlyList<SourceRow>> ListAsync(StoreConnection connection) =>
        connection.QueryAsync<SourceRow>($"SELECT {Columns} FROM signal_sources ORDER BY source");

    /// <summary>Notes that a transmitter has sent what it was asked for.</summary>
    /// <returns>False where it was asked for something else, or for nothing.</returns>
    public static async Task<bool> EchoedAsync(Transaction transaction, string source, string state, DateTimeOffset now)
    {
        await transaction.AloneAsync();
        return await transaction.ExecuteAsync(
            "UPDATE signal_sources SET echoed = @now, state = NULL WHERE source = @source AND state = @state", new { source, state, now = now.ToUnixTimeMilliseconds() }) == 1;
    }

    /// <summary>The transmitter says how its stream is: told to every node, because routes may hang on it.</summary>
    public static async Task StatusAsync(Transaction transaction, string source, string status, string? reason)
    {
        await transaction.AloneAsync();
        await transaction.ExecuteAsync(
            """
            INSERT INTO signal_sources (source, taken, unmatched, status, reason) VALUES (@source, 0, 0, @status, @reason)
            ON CONFLICT (source) DO UPDATE SET status = @status, reason = @reason
            """,
            new { source, status, reason });
        transaction.Changed(Kind, source, $"signal {source}: stream {status}");
    }

    /// <summary>Whoever gets true asks for the verification; the other nodes leave it to that one.</summary>
    public static async Task<bool> ClaimAsync(Transaction transaction, string source, string state, TimeSpan every, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        await transaction.ExecuteAsync("INSERT INTO signal_sources (source, taken, unmatched) VALUES (@source, 0, 0) ON CONFLICT (source) DO NOTHING", new { source });
        return await transaction.ExecuteAsync(
            "UPDATE signal_sources SET asked = @at, state = @state WHERE source = @source AND (asked IS NULL OR asked <= @before)",
            new { source, state, at, before = at - (long)every.TotalMilliseconds }) == 1;
    }

    public static async Task PruneAsync(Transaction transaction, DateTimeOffset now)
    {
        var before = now.Subtract(Kept).ToUnixTimeMilliseconds();
        await transaction.ExecuteAsync("DELETE FROM signals_taken WHERE at < @before", new { before });
        await transaction.ExecuteAsync("DELETE FROM signal_marks WHERE at < @before", new { before });
    }
}
