using System.Data.Common;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Store;

/// <summary>
/// One writing transaction. What can change a decision is told by <see cref="Changed"/> in the same transaction, and so reaches
/// every node's tables if, and only if, it is committed.
/// </summary>
internal sealed class Transaction(Database database, DbConnection connection, DbTransaction transaction, CancellationToken deadline)
    : StoreConnection(database, connection, transaction, deadline)
{
    private readonly HashSet<Change> _changes = [];
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>Where its last change stands in the feed; 0 for a transaction without changes.</summary>
    public long Position { get; private set; }

    /// <summary>Tells every node that what it knows of <paramref name="key"/> is no longer true.</summary>
    public void Changed(string kind, string key, string? cause = null) => _changes.Add(new Change(kind, key, cause));

    /// <summary>
    /// Until this transaction ends no other one that has changes, or says this too, commits: what is read from here on misses nothing of
    /// those before, and those after see what this one wrote. Everybody's writes wait meanwhile: say it last. Whoever waits for this may hold
    /// any other row, and waiting for them would be for ever: from here on, lock only what nobody locks who has not said this first.
    /// </summary>
    public Task AloneAsync() => FindAsync<long>(Alone);

    /// <summary>The same, for the beginning of a command that goes on.</summary>
    public string Alone => "SELECT last FROM feed" + ForUpdate;

    /// <summary>
    /// Numbers the changes: the last statement before the commit. The row of <c>feed</c> is locked from here until the commit, so
    /// that numbers are gapless and in the order of the commits; a sequence would give neither. COMMIT does not travel with it, though that
    /// would save a round trip: while its answer is out, the lock must be known to be held, or <see cref="WasCommittedAsync"/> could come first.
    /// </summary>
    public async Task PublishAsync(string? notify)
    {
        if (_changes.Count == 0)
            return;
        Position = await FindAsync<long>(
            $"""
            UPDATE feed SET last = last + @count;
            INSERT INTO changes (id, kind, key, cause, writer, at) SELECT last - @count + 1 + row, c0, c1, c2, @id, {Now} FROM feed, {Rows(3)};
            {notify}
            SELECT last FROM feed
            """,
            new { count = (long)_changes.Count, id = _id, rows = Listed.Json(_changes.Select(change => new object?[] { change.Kind, change.Key, change.Cause })) });
    }

    /// <summary>Whether this transaction was committed after all, where the connection broke before the answer came.</summary>
    public async Task<bool> WasCommittedAsync(StoreConnection other)
    {
        // Waits for the lock that the lost transaction may still hold: afterwards it is either committed or gone.
        await other.FindAsync<long>("SELECT last FROM feed" + ForUpdate);
        return await other.FindAsync<long>(
            "SELECT count(*) FROM changes WHERE id = @position AND writer = @id", new { position = Position, id = _id }) == 1;
    }
}
