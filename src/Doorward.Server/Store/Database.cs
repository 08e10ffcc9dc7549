using System.Data.Common;
using Doorward.Policy;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Postgres;
using Doorward.Server.Store.Sqlite;

namespace Doorward.Server.Store;

/// <summary>What became of a write, and where its changes stand in the feed (0: it had none).</summary>
internal sealed record Written<T>(T Value, long Position);

/// <summary>
/// The store: connections, transactions, and what the engines do differently. A call ends within its deadline or throws
/// <see cref="StoreUnavailableException"/>; its continuation runs on the thread pool, never on a socket's thread.
/// </summary>
internal abstract class Database(TimeProvider time, TimeSpan deadline) : IAsyncDisposable
{
    /// <summary>Attempts at a transaction that the engine undid because another was in its way.</summary>
    private const int Attempts = 8;

    // A change that is no longer kept says nothing; the newest always is.
    private const string SameHistory = """
        SELECT count(*) FROM feed LEFT JOIN changes ON changes.id = @Position
        WHERE feed.last >= @Position AND feed.epoch = @Epoch AND (changes.writer IS NULL OR changes.writer = @Writer)
        """;

    private readonly Circuit _circuit = new(time);
    private FeedPoint? _followed;

    /// <summary>
    /// A transaction of this process was committed, and its last change stands at this position. Whoever wrote waits for the answer, so
    /// that what they do next on this node sees what they wrote.
    /// </summary>
    public event Func<long, Task>? Published;

    /// <summary>Where the change feed of this process stands; null where it does not know yet.</summary>
    public FeedPoint? Followed { get => Volatile.Read(ref _followed); set => Volatile.Write(ref _followed, value); }

    /// <summary>For messages; without credentials.</summary>
    public abstract string Name { get; }

    /// <summary>See <see cref="StoreConnection.Now"/>.</summary>
    public abstract string Now { get; }

    /// <summary>See <see cref="StoreConnection.ForUpdate"/>.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>A query for 1 where the engine answers as one that may be written to, 0 on a replica that may lag behind; null for an engine without replicas.</summary>
    public abstract string? AskPrimary { get; }

    /// <summary>See <see cref="StoreConnection.Rows"/>.</summary>
    public abstract string Rows(int width);

    /// <summary>What the engine calls a column of bytes; migrations say <c>bytea</c>.</summary>
    public abstract string BytesType { get; }

    /// <summary>Whether this process is told of other processes' writes at once, and need not look so often.</summary>
    public abstract bool IsNotified { get; }

    protected TimeProvider Time => time;

    /// <summary>A statement that tells the other nodes to look; null where there are none or the engine cannot.</summary>
    protected abstract string? Notify { get; }

    /// <summary>Opens the store that the options name, without speaking to it yet. Null where any of the problems is an error.</summary>
    public static Database? Open(StoreOptions options, TimeProvider time, ICollection<Problem> problems) => options switch
    {
        { Sqlite: not null, Postgres: null } => SqliteDatabase.Open(options, time, problems),
        { Sqlite: null, Postgres: not null } => PostgresDatabase.Open(options, time, problems),
        _ => StoreProblems.OneStore(options.Place, problems),
    };

    /// <summary>Reads. Each statement sees what is committed when it starts.</summary>
    public Task<T> ReadAsync<T>(Func<StoreConnection, Task<T>> read, CancellationToken cancellation = default) =>
        CallAsync(token => RepeatAsync(again => ReadOnceAsync(read, again), token), deadline, probe: false, cancellation);

    /// <inheritdoc cref="ReadAsync{T}(Func{StoreConnection, Task{T}}, CancellationToken)"/>
    public Task<T> ReadAsync<T>(Func<StoreConnection, Task<T>> read, TimeSpan within, CancellationToken cancellation = default) =>
        CallAsync(token => RepeatAsync(again => ReadOnceAsync(read, again), token), within, probe: false, cancellation);

    /// <summary>
    /// Reads what is to be remembered. Where the store's history is not the one that this node follows, because a backup was restored or a
    /// fail-over lost writes a moment ago, it is refused: the feed will notice, but until then what was taken away would count again.
    /// </summary>
    public Task<T> ReadToRememberAsync<T>(Func<StoreConnection, Task<T>> read, CancellationToken cancellation) => ReadAsync(
        async connection =>
        {
            if (Followed is { } point && await connection.FindAsync<long>(SameHistory, point) != 1)
                throw new StoreUnavailableException($"The store's history is not the one that this node follows ({Name}).");
            return await read(connection);
        },
        cancellation);

    /// <summary>Reads for the change feed: tried even while other calls are refused because the store does not answer.</summary>
    public Task<T> ProbeAsync<T>(Func<StoreConnection, Task<T>> read, TimeSpan within, CancellationToken cancellation) =>
        CallAsync(token => RepeatAsync(again => ReadOnceAsync(read, again), token), within, probe: true, cancellation);

    /// <summary>
    /// Writes in one transaction, which is committed when this returns. The work may run several times, and must have no effect but
    /// through its transaction. What removes access passes no token: it completes even if its caller has gone.
    /// </summary>
    public async Task<Written<T>> WriteAsync<T>(Func<Transaction, Task<T>> write, CancellationToken cancellation = default)
    {
        var written = await CallAsync(token => RepeatAsync(again => WriteOnceAsync(write, again), token), deadline, probe: false, cancellation);
        if (written.Position != 0 && Published is { } published)
            await published(written.Position);
        return written;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    /// <returns>Where its changes stand in the feed.</returns>
    public async Task<long> WriteAsync(Func<Transaction, Task> write, CancellationToken cancellation = default) =>
        (await WriteAsync(async transaction =>
        {
            await write(transaction);
            return true;
        }, cancellation)).Position;

    /// <summary>Calls <paramref name="wake"/> when another process may have written, until cancelled.</summary>
    public abstract Task ListenAsync(Action wake, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<DbConnection> RentAsync(bool write, CancellationToken cancellation);

    /// <param name="connection">What was rented.</param>
    /// <param name="write">As it was rented.</param>
    /// <param name="broken">Whether the last call on it failed.</param>
    protected abstract ValueTask ReturnAsync(DbConnection connection, bool write, bool broken);

    protected abstract Failure Classify(Exception exception);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan within, bool probe, CancellationToken cancellation)
    {
        if (!probe)
            _circuit.ThrowIfOpen();
        using var patience = new CancellationTokenSource(within, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        // A driver that is cancelled asks the server to stop, and waits for its word on the thread that cancelled it: for half a minute, where packets vanish. So it
        // has one of its own, for ours has a deadline to keep, and others wait for the pool's.
        var driver = new CancellationTokenSource();
        var telling = both.Token.UnsafeRegister(Stop, driver);
        try
        {
            // SQLite blocks, and a socket's thread must not: there and back by way of the pool. The deadline holds even where a driver does not keep it.
            var result = await Task.Run(() => call(driver.Token), both.Token).WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            _circuit.Close();
            return result;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (patience.IsCancellationRequested || Classify(e) == Failure.Unavailable))
        {
            _circuit.Failed();
            throw e as StoreUnavailableException ?? new StoreUnavailableException($"The store does not answer ({Name}).", e);
        }
        catch (Exception e) when (Classify(e) == Failure.Conflict)
        {
            throw new StoreUnavailableException($"The store is busy with other writers ({Name}).", e);
        }
        finally
        {
            // Whoever waited may be back before their turn came, and the driver goes on until it is stopped.
            if (telling.Unregister() && both.IsCancellationRequested) Stop(driver);
        }

        static void Stop(object? driver) =>
            Task.Factory.StartNew(((CancellationTokenSource)driver!).Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>A connection from the pool may have died long ago: one more attempt, on another, is worth it where nothing can have been written.</summary>
    private bool IsWorthAnotherAttempt(Exception exception, int attempt, CancellationToken token) => Classify(exception) switch
    {
        Failure.Conflict => attempt < Attempts,
        Failure.Unavailable => attempt == 1 && exception is not StoreUnavailableException && !token.IsCancellationRequested,
        _ => false,
    };

    private async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(token);
            }
            catch (Exception e) when (IsWorthAnotherAttempt(e, attempt, token))
            {
            }
        }
    }

    private async Task<T> ReadOnceAsync<T>(Func<StoreConnection, Task<T>> read, CancellationToken token)
    {
        await using var rented = await Rented.TakeAsync(this, write: false, token);
        var result = await read(new StoreConnection(this, rented.Connection, null, token));
        rented.IsSound = true;
        return result;
    }

    private async Task<Written<T>> WriteOnceAsync<T>(Func<Transaction, Task<T>> write, CancellationToken token)
    {
        Transaction transaction;
        T result;
        Exception? lost;
        await using (var rented = await Rented.TakeAsync(this, write: true, token))
        {
            await using var raw = await rented.Connection.BeginTransactionAsync(token);
            transaction = new Transaction(this, rented.Connection, raw, token);
            result = await write(transaction);
            await transaction.PublishAsync(Notify);
            lost = await CommitAsync(raw, token);
            rented.IsSound = lost is null;
        }

        if (lost is not null)
            await ReadBackAsync(transaction, lost);
        return new Written<T>(result, transaction.Position);
    }

    /// <summary>What went wrong after COMMIT was sent, and so may have been carried out; null where it was.</summary>
    private async Task<Exception?> CommitAsync(DbTransaction transaction, CancellationToken token)
    {
        try
        {
            await transaction.CommitAsync(token);
            return null;
        }
        catch (Exception e) when (Classify(e) != Failure.Conflict)
        {
            return e;
        }
    }

    /// <summary>The connection broke between COMMIT and its answer: asks the store what became of it, so that nothing is done twice or lost.</summary>
    private async Task ReadBackAsync(Transaction transaction, Exception lost)
    {
        if (transaction.Position == 0)
            throw new StoreUnavailableException($"It is not known whether the store carried out a write ({Name}).", lost);
        try
        {
            // Patience of its own: the caller's may have ended, which is one of the ways to get here.
            using var patience = new CancellationTokenSource(deadline, time);
            await using var rented = await Rented.TakeAsync(this, write: true, patience.Token);
            await using var raw = await rented.Connection.BeginTransactionAsync(patience.Token);
            if (!await transaction.WasCommittedAsync(new StoreConnection(this, rented.Connection, raw, patience.Token)))
                throw new WriteConflictException(lost);
            await raw.RollbackAsync(patience.Token);
            rented.IsSound = true;
        }
        catch (Exception e) when (e is not WriteConflictException)
        {
            throw new StoreUnavailableException($"It is not known whether the store carried out a write ({Name}).", e);
        }
    }

    /// <summary>What a failure means for the caller.</summary>
    protected enum Failure
    {
        /// <summary>A mistake of ours, or cancelled by the caller: thrown as it is.</summary>
        Fault,

        /// <summary>Certainly undone, because another transaction was in the way: tried again.</summary>
        Conflict,

        /// <summary>The store is away, slow, full, or not the primary.</summary>
        Unavailable,
    }

    /// <summary>A connection for the length of one attempt.</summary>
    private sealed class Rented(Database database, DbConnection connection, bool write) : IAsyncDisposable
    {
        public DbConnection Connection => connection;

        /// <summary>Whether the attempt went well. Nothing is believed of a connection on which one did not.</summary>
        public bool IsSound { get; set; }

        public static async Task<Rented> TakeAsync(Database database, bool write, CancellationToken token) => new(database, await database.RentAsync(write, token), write);

        public ValueTask DisposeAsync() => database.ReturnAsync(connection, write, !IsSound);
    }
}
