using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Store;

/// <summary>
/// One writing transaction. What can change a decision is told by <see cref="Changed"/> in the same transaction, and so reaches
/// every node's tables if, and only if, it is committed.
/// </summary>
internal sealed class Transaction(Database database, DbConnection connection, DbTransaction transaction, CancellationToken deadline)
    : StoreConnection(database, connection, transaction, deadline)
{
    private const int RowsPerStatement = 200;

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
    /// that numbers are gapless and in the order of the commits; a sequence would give neither.
    /// </summary>
    public async Task PublishAsync(string? notify)
    {
        if (_changes.Count == 0)
            return;
        var arguments = new DynamicParameters(new { count = (long)_changes.Count, id = _id });
        var sql = new StringBuilder("UPDATE feed SET last = last + @count;");
        var index = 0;
        foreach (var chunk in _changes.Chunk(RowsPerStatement))
        {
            sql.Append(CultureInfo.InvariantCulture, $"INSERT INTO changes (id, kind, key, cause, writer, at) SELECT last - @count + v.column1, v.column2, v.column3, v.column4, @id, {Now} FROM feed, (VALUES ");
            foreach (var change in chunk)
            {
                index++;
                sql.Append(CultureInfo.InvariantCulture, $"({index}, @kind{index}, @key{index}, CAST(@cause{index} AS text)),");
                arguments.Add($"kind{index}", change.Kind);
                arguments.Add($"key{index}", change.Key);
                arguments.Add($"cause{index}", change.Cause);
            }

            sql.Length--;
            sql.Append(") AS v;");
        }

        sql.Append(notify).Append("SELECT last FROM feed");
        Position = await FindAsync<long>(sql.ToString(), arguments);
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
