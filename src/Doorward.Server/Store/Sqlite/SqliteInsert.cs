using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Doorward.Server.Store.Sqlite;

/// <summary>
/// One INSERT for very many rows, in the transaction that its connection is in. The driver makes a reader, and looks every parameter
/// up by its name, for each row; that costs more than the row itself. Parameters are counted from 1, in the order in which the statement names them.
/// </summary>
internal sealed class SqliteInsert : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private byte[] _text = new byte[256];

    public SqliteInsert(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
    }

    public void Bind(int parameter, long number) => Check(raw.sqlite3_bind_int64(_statement, parameter, number));

    public void Bind(int parameter, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, parameter));
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < most) _text = new byte[most];
        // SQLite copies it before this returns.
        Check(raw.sqlite3_bind_text(_statement, parameter, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text))));
    }

    public void Bind(int parameter, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(_statement, parameter, bytes));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_statement, parameter));

    /// <summary>Writes the row. What was bound stays bound.</summary>
    public void Execute()
    {
        var result = raw.sqlite3_step(_statement);
        // Says again what went wrong; that was the step's matter.
        raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE) Check(result);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _connection);
    }
}
