using System.Data.Common;
using System.Net.Sockets;
using Doorward.Policy;
using Npgsql;

namespace Doorward.Server.Store.Postgres;

/// <summary>
/// PostgreSQL, for several nodes; also the engines that speak its protocol. Only a primary is used: a replica may not have heard of a
/// revocation yet.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    private const string Channel = "doorward";

    /// <summary>Seconds; a listening connection that died unseen is noticed after it, and the feed looks often until then anyway.</summary>
    private const int ListenKeepAlive = 5;

    /// <summary>Statements that each connection keeps planned; about as many as we have that run often.</summary>
    private const int Prepared = 64;

    private readonly NpgsqlDataSource _connections;
    private readonly NpgsqlMultiHostDataSource _listener;
    private readonly bool _listen;
    private volatile bool _isNotified;
    private volatile bool _canNotify;

    private PostgresDatabase(NpgsqlConnectionStringBuilder settings, StoreOptions options, TimeProvider time)
        : base(time, options.Deadline)
    {
        Name = $"PostgreSQL {settings.Host}/{settings.Database ?? settings.Username}";
        _listen = options.Listen;
        _connections = settings.Host!.Contains(',', StringComparison.Ordinal) ? MultiHost(settings) : new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        _listener = MultiHost(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = ListenKeepAlive });
    }

    public override string Name { get; }

    public override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)";

    public override string ForUpdate => " FOR UPDATE";

    public override string? AskPrimary => "SELECT CASE WHEN current_setting('transaction_read_only') = 'off' THEN 1 ELSE 0 END;";

    public override string BytesType => "bytea";

    public override bool IsNotified => _isNotified;

    /// <summary>Only once LISTEN has worked: where an engine lacks it, the whole transaction would fail.</summary>
    protected override string? Notify => _canNotify ? $"NOTIFY {Channel};" : null;

    public override string Rows(int width) =>
        $"(SELECT place - 1 AS row{string.Concat(Enumerable.Range(0, width).Select(i => $", value->>{i} AS c{i}"))} FROM jsonb_array_elements(CAST(@rows AS jsonb)) WITH ORDINALITY AS one (value, place)) AS listed";

    public static new PostgresDatabase? Open(StoreOptions options, TimeProvider time, ICollection<Problem> problems)
    {
        try
        {
            return new PostgresDatabase(SettingsOf(options), options, time);
        }
        catch (ArgumentException e)
        {
            problems.Add(StoreProblems.BadConnection(e.Message, options.Place));
            return null;
        }
    }

    /// <summary>What is written, and what we ask for where nothing is; of some things, whatever is written.</summary>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder SettingsOf(StoreOptions options)
    {
        var settings = PostgresConnectionString.Parse(options.Postgres!);
        settings.ApplicationName ??= Product.Name;
        // Seconds that a dead server may hold a connection attempt; the pool outlives its caller's deadline otherwise.
        if (!settings.ShouldSerialize("Timeout"))
            settings.Timeout = 5;
        // Milliseconds that a cancelled command waits for the server's word before its connection is dropped. The driver's 2 s would keep a place in the pool.
        settings.CancellationTimeout = 250;
        // Where there are several hosts, each connection is asked whether it is the primary's when it is taken from the pool. Remembering it
        // for some seconds would also remember for as long that a host was away, because one connection to it broke.
        settings.HostRecheckSeconds = 0;
        // A primary, whatever is written.
        settings.TargetSessionAttributes = null;
        // No statement of ours leaves anything behind in a connection.
        settings.NoResetOnClose = true;
        // What runs often is planned once for each connection: whoever waits for a revocation waits for less. A pooler that shares connections may not know of it.
        if (options.Listen && !settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = Prepared;
        settings.IncludeErrorDetail = false;
        settings.LogParameters = false;
        settings.PersistSecurityInfo = false;
        return settings;
    }

    public override async Task ListenAsync(Action wake, CancellationToken cancellation)
    {
        if (!_listen)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellation);
            return;
        }

        try
        {
            await using var connection = await _listener.OpenConnectionAsync(TargetSessionAttributes.ReadWrite, cancellation);
            connection.Notification += (_, _) => wake();
            await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                await listen.ExecuteNonQueryAsync(cancellation);
            _canNotify = _isNotified = true;
            // What was written while nobody listened.
            wake();
            while (true)
                await connection.WaitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.SyntaxError)
        {
            // An engine without LISTEN: the feed goes on looking often.
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellation);
        }
        finally
        {
            _isNotified = false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _connections.DisposeAsync();
    }

    // Of one host there is nothing to choose: that it is the primary is asked with the first query, and the driver need not ask before.
    protected override async ValueTask<DbConnection> RentAsync(bool write, CancellationToken cancellation) => _connections is NpgsqlMultiHostDataSource hosts
        ? await hosts.OpenConnectionAsync(TargetSessionAttributes.ReadWrite, cancellation)
        : await _connections.OpenConnectionAsync(cancellation);

    protected override ValueTask ReturnAsync(DbConnection connection, bool write, bool broken) => connection.DisposeAsync();

    protected override Failure Classify(Exception exception) => exception switch
    {
        WriteConflictException => Failure.Conflict,
        StoreUnavailableException => Failure.Unavailable,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable } => Failure.Conflict,
        // A migration changed what a planned statement returns: it is planned anew.
        PostgresException { Routine: "RevalidateCachedQuery" } => Failure.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => Failure.Unavailable, // a primary no longer
        // 08 connection, 28 credentials, 3D no such database, 53 resources, 57 operator, 58 system
        PostgresException { SqlState: var state } => state[..2] is "08" or "28" or "3D" or "53" or "57" or "58" ? Failure.Unavailable : Failure.Fault,
        NpgsqlException or SocketException or TimeoutException or IOException => Failure.Unavailable,
        _ => Failure.Fault,
    };

    private static NpgsqlMultiHostDataSource MultiHost(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost();
}
