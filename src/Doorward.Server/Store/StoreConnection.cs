using System.Data;
using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Doorward.Server.Store;

/// <summary>
/// What SQL may be spoken through while a call to the store lasts. The text is plain SQL that every engine understands; the few
/// places where they differ are <see cref="Now"/>, <see cref="Rows"/> and <see cref="ForUpdate"/>. Instants are stored as Unix milliseconds.
/// </summary>
internal class StoreConnection(Database database, DbConnection connection, DbTransaction? transaction, CancellationToken deadline)
{
    private bool _isPrimary = database.AskPrimary is null;

    /// <summary>The store's own clock in Unix milliseconds, as an expression: the same for all nodes.</summary>
    public string Now => database.Now;

    /// <summary>
    /// What stands after FROM: the rows of an argument <c>@rows</c>, which is <see cref="Listed.Json"/>. Its columns are <c>row</c>, from 0, and <c>c0</c>,
    /// <c>c1</c> and so on; a number wants a cast.
    /// </summary>
    public string Rows(int width) => database.Rows(width);

    /// <summary>Ends a SELECT that locks its rows until the transaction ends.</summary>
    public string ForUpdate => database.ForUpdate;

    /// <summary>
    /// The same, but waits for nobody: where another has a row, this transaction is undone and tried again. For what is locked after
    /// <see cref="Transaction.AloneAsync"/>, when the other may be waiting for this one.
    /// </summary>
    public string ForUpdateAtOnce => Locking(" NOWAIT");

    /// <summary>The same, without the rows that another has.</summary>
    public string ForUpdateFree => Locking(" SKIP LOCKED");

    /// <summary>Cancelled when the caller's patience or the call's deadline ends.</summary>
    public CancellationToken Deadline => deadline;

    public DbConnection Raw => connection;

    /// <summary>All rows.</summary>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null) => ReadAsync(sql, arguments, RowsAsync<T>);

    /// <summary>The rows of two statements that travel together.</summary>
    public Task<(IReadOnlyList<TFirst> First, IReadOnlyList<TSecond> Second)> QueryAsync<TFirst, TSecond>(string sql, object? arguments = null) =>
        ReadAsync<(IReadOnlyList<TFirst>, IReadOnlyList<TSecond>)>(sql, arguments, async reader =>
        {
            var first = await RowsAsync<TFirst>(reader);
            return (first, await reader.NextResultAsync(deadline) ? await RowsAsync<TSecond>(reader) : []);
        });

    /// <summary>The only row; null where there is none.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? arguments = null) => (await QueryAsync<T>(sql, arguments)).SingleOrDefault();

    /// <summary>The number of rows written; a replica refuses it by itself.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments = null) => connection.ExecuteAsync(Command(sql, arguments));

    /// <summary>A statement that reads <see cref="Rows"/>, for <see cref="Listed.MostRows"/> of them at a time and in their order; none where there are no rows.</summary>
    public async Task ExecuteRowsAsync(string sql, IEnumerable<object?[]> rows)
    {
        foreach (var chunk in rows.Chunk(Listed.MostRows)) await ExecuteAsync(sql, new { rows = Listed.Json(chunk) });
    }

    /// <summary>
    /// Its rows come whole. Dapper's own queries ask the driver for a row before all of it has come, and block a thread until the rest is
    /// there; where it is a socket's own, nobody is left to bring it.
    /// </summary>
    private async Task<T> ReadAsync<T>(string sql, object? arguments, Func<DbDataReader, Task<T>> read)
    {
        // Disposed twice: Dapper's wrapper gives its command back only where that is not done asynchronously, and then all has come already; SQLite's connection would keep each forever.
        using var wrapped = await connection.ExecuteReaderAsync(Command(_isPrimary ? sql : database.AskPrimary + sql, arguments), CommandBehavior.Default);
        await using var reader = wrapped;
        if (!_isPrimary) await ConfirmPrimaryAsync(reader);
        var result = await read(reader);
        // What goes wrong in a later statement is told too.
        while (await reader.NextResultAsync(deadline))
        {
        }
        return result;
    }

    /// <summary>A replica may not have heard of a revocation yet. Asked with the first query, it costs no round trip.</summary>
    private async Task ConfirmPrimaryAsync(DbDataReader reader)
    {
        if (!await reader.ReadAsync(deadline) || reader.GetInt32(0) != 1) throw new StoreUnavailableException($"The store is not the primary ({database.Name}).");
        _isPrimary = true;
        await reader.NextResultAsync(deadline);
    }

    private async Task<IReadOnlyList<T>> RowsAsync<T>(DbDataReader reader)
    {
        var rows = new List<T>();
        if (!await reader.ReadAsync(deadline)) return rows;
        var (parse, type) = (reader.GetRowParser(typeof(T)), Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));
        do
        {
            // Engines differ in the width of the numbers that an expression gives.
            rows.Add(parse(reader) switch { null => default!, T row => row, var other => (T)Convert.ChangeType(other, type, CultureInfo.InvariantCulture) });
        }
        while (await reader.ReadAsync(deadline));
        return rows;
    }

    // An engine with one writer has no locks.
    private string Locking(string how) => ForUpdate.Length == 0 ? "" : ForUpdate + how;

    private CommandDefinition Command(string sql, object? arguments) => new(sql, arguments, transaction, cancellationToken: deadline);
}
