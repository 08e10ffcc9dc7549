using System.Data.Common;
using Dapper;

namespace Doorward.Server.Store;

/// <summary>
/// What SQL may be spoken through while a call to the store lasts. The text is plain SQL that every engine understands; the few
/// places where they differ are <see cref="Now"/> and <see cref="ForUpdate"/>. Instants are stored as Unix milliseconds.
/// </summary>
internal class StoreConnection(Database database, DbConnection connection, DbTransaction? transaction, CancellationToken deadline)
{
    /// <summary>The store's own clock in Unix milliseconds, as an expression: the same for all nodes.</summary>
    public string Now => database.Now;

    /// <summary>Ends a SELECT that locks its rows until the transaction ends.</summary>
    public string ForUpdate => database.ForUpdate;

    /// <summary>Cancelled when the caller's patience or the call's deadline ends.</summary>
    public CancellationToken Deadline => deadline;

    public DbConnection Raw => connection;

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null) =>
        (await connection.QueryAsync<T>(Command(sql, arguments))).AsList();

    /// <summary>The only row; null where there is none.</summary>
    public Task<T?> FindAsync<T>(string sql, object? arguments = null) => connection.QuerySingleOrDefaultAsync<T>(Command(sql, arguments));

    /// <summary>The results of several statements that travel together.</summary>
    public Task<SqlMapper.GridReader> QueryMultipleAsync(string sql, object? arguments = null) => connection.QueryMultipleAsync(Command(sql, arguments));

    /// <summary>The number of rows written.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments = null) => connection.ExecuteAsync(Command(sql, arguments));

    private CommandDefinition Command(string sql, object? arguments) => new(sql, arguments, transaction, cancellationToken: deadline);
}
