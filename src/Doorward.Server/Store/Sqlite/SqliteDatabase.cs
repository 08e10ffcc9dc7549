using System.Data.Common;
using System.Threading.Channels;
using Doorward.Policy;
using Microsoft.Data.Sqlite;

namespace Doorward.Server.Store.Sqlite;

/// <summary>
/// SQLite inside the process: nothing to install, one process. Write-ahead log with <c>synchronous=FULL</c>, so that what is
/// acknowledged survives a power cut. One connection writes; a few read beside it.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    private const int Readers = 4;

    private readonly string _path;
    private readonly FileStream _lock;
    private readonly Channel<SqliteConnection?> _readers = Channel.CreateUnbounded<SqliteConnection?>();
    private readonly Channel<SqliteConnection?> _writer = Channel.CreateUnbounded<SqliteConnection?>();

    private SqliteDatabase(string path, FileStream held, StoreOptions options, TimeProvider time)
        : base(time, options.Deadline)
    {
        (_path, _lock) = (path, held);
        // A null is leave to open one: connections are made when they are needed, and again after one broke.
        _writer.Writer.TryWrite(null);
        for (var i = 0; i < Readers; i++)
            _readers.Writer.TryWrite(null);
    }

    public override string Name => $"SQLite {_path}";

    public override string Now => "doorward_now()";

    public override string ForUpdate => "";

    public override string? AskPrimary => null;

    /// <summary>The driver tells the type of an empty column by the name it was declared with.</summary>
    public override string BytesType => "blob";

    public override bool IsNotified => true;

    protected override string? Notify => null;

    public override string Rows(int width) =>
        $"(SELECT key AS row{string.Concat(Enumerable.Range(0, width).Select(i => $", json_extract(value, '$[{i}]') AS c{i}"))} FROM json_each(@rows)) AS listed";

    public static new SqliteDatabase? Open(StoreOptions options, TimeProvider time, ICollection<Problem> problems)
    {
        var path = Path.GetFullPath(options.Sqlite!);
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            held = LockFile.Take(path);
            if (held is null)
            {
                problems.Add(StoreProblems.HeldBy(path, LockFile.Holder(path), options.Place));
                return null;
            }

            CreatePrivately(path);
            var database = new SqliteDatabase(path, held, options, time);
            using (database.Connect(write: true))
                return database;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            problems.Add(StoreProblems.CannotOpen(path, e.Message, options.Place));
            return null;
        }
    }

    /// <summary>Nobody else may write to the file: what this process writes, it knows of already.</summary>
    public override Task ListenAsync(Action wake, CancellationToken cancellation) => Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellation);

    public override async ValueTask DisposeAsync()
    {
        foreach (var pool in new[] { _readers, _writer })
        {
            pool.Writer.TryComplete();
            while (pool.Reader.TryRead(out var connection))
                connection?.Dispose();
        }

        await _lock.DisposeAsync();
    }

    protected override async ValueTask<DbConnection> RentAsync(bool write, CancellationToken cancellation)
    {
        var pool = write ? _writer : _readers;
        var connection = await pool.Reader.ReadAsync(cancellation);
        try
        {
            return connection ?? Connect(write);
        }
        catch
        {
            pool.Writer.TryWrite(null);
            throw;
        }
    }

    protected override ValueTask ReturnAsync(DbConnection connection, bool write, bool broken)
    {
        // After a failed write to the disk nothing that the connection believes is trusted: the next one reads the log anew.
        if (broken)
            connection.Dispose();
        if (!(write ? _writer : _readers).Writer.TryWrite(broken ? null : (SqliteConnection)connection))
            connection.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Failure Classify(Exception exception) => exception switch
    {
        WriteConflictException => Failure.Conflict,
        StoreUnavailableException or ChannelClosedException => Failure.Unavailable,
        SqliteException { SqliteErrorCode: 5 or 6 } => Failure.Conflict, // SQLITE_BUSY, SQLITE_LOCKED: a tool from outside
        SqliteException { SqliteErrorCode: 8 or 10 or 11 or 13 or 14 or 26 } => Failure.Unavailable, // READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
        _ => Failure.Fault,
    };

    /// <summary>SQLite itself would make it readable for everybody; its log files take the mode of the file.</summary>
    private static void CreatePrivately(string path)
    {
        if (File.Exists(path) || OperatingSystem.IsWindows())
            return;
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
    }

    private SqliteConnection Connect(bool write)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            connection.CreateFunction("doorward_now", () => Time.GetUtcNow().ToUnixTimeMilliseconds());
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA query_only = {(write ? "OFF" : "ON")};";
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
