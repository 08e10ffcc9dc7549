using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Store.Feed;

/// <summary>
/// Reads the changes that any node committed, in the order of the commits, and keeps what is in memory true. Looks when told to
/// (LISTEN, or a write of this process), each second anyway, and every 100 ms, jittered, while nobody tells.
/// </summary>
internal sealed partial class ChangeFeed : IDisposable
{
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Untold = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one look may take; then the next, on another connection, has a better chance.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a writer waits to see its change applied: a look that hangs, and the next one. Whoever ended a session is told so
    /// after it has ended here, also on a busy machine.
    /// </summary>
    private static readonly TimeSpan Applying = TimeSpan.FromSeconds(5);

    private readonly Database _database;
    private readonly Freshness _freshness;
    private readonly Generation _generation;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeFeed> _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<IFeedSubscriber> _loaded = [];
    private ImmutableArray<IFeedSubscriber> _subscribers = [];
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FeedPoint? _known;
    private long _position = -1;
    private bool _whole;
    private bool _answering = true;
    private volatile bool _isRunning;

    public ChangeFeed(Database database, Freshness freshness, Generation generation, TimeProvider time, ILogger<ChangeFeed> log)
    {
        (_database, _freshness, _generation, _time, _log) = (database, freshness, generation, time, log);
        Skew = new(time);
        database.Published += HeardAsync;
    }

    /// <summary>The tables are replaced and the generation is raised: live connections may be reviewed. Null: everything may have changed.</summary>
    public event Action<IReadOnlyList<Change>?>? Applied;

    /// <summary>Everything is applied here, and is about to count as fresh.</summary>
    public event Action? Confirming;

    /// <summary>Completes with the first look that found everything applied: from then on guarded requests are answered.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>The last change that is applied here; -1 before the first look and after history went back.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>As of the last look.</summary>
    public ClockSkew Skew { get; }

    /// <summary>From the next look on, which also loads it; until then it must refuse.</summary>
    /// <returns>The undo.</returns>
    public IDisposable Subscribe(IFeedSubscriber subscriber)
    {
        ImmutableInterlocked.Update(ref _subscribers, (all, added) => all.Add(added), subscriber);
        Wake();
        return new Subscription(this, subscriber);
    }

    /// <summary>Looks until cancelled. Survives everything that the store can do.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        _isRunning = true;
        var listening = ListenAsync(cancellation);
        await using var timer = _time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!cancellation.IsCancellationRequested)
        {
            await TryLookAsync(cancellation);
            timer.Change(_database.IsNotified ? Told : Untold * (0.75 + (0.5 * Random.Shared.NextDouble())), Timeout.InfiniteTimeSpan);
            if (await _wake.Reader.WaitToReadAsync(CancellationToken.None))
                _wake.Reader.TryRead(out _);
        }

        _isRunning = false;
        await listening;
    }

    /// <summary>Waits until this node has applied the change at <paramref name="position"/>. Gives up silently in the end: the write stands anyway.</summary>
    public async Task AppliedAsync(long position)
    {
        using var patience = new CancellationTokenSource(Applying, _time);
        while (!patience.IsCancellationRequested)
        {
            var advanced = Volatile.Read(ref _advanced).Task;
            if (Position >= position)
                return;
            await advanced.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>One look: fetches and applies everything up to now, then confirms that what is in memory is true. Not for two callers at once.</summary>
    public async Task LookAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            var sent = _freshness.Begin();
            var from = _known?.Position;
            var reading = await _database.ProbeAsync(connection => FeedReading.ReadAsync(connection, from), Patience, cancellation);
            Skew.Note(sent.Wall, reading.Now);
            var known = _known ?? reading.End;
            var history = reading.Compare(known);
            if (_known is not null && history != History.Continues)
            {
                await ForgetAsync(known, reading, history, cancellation);
                continue;
            }

            await ApplyAsync(reading.ChangesSince(known), cancellation);
            Advance(reading.End);
            if (Position < reading.Last)
                continue;
            Confirming?.Invoke();
            _freshness.Confirm(sent);
            _caughtUp.TrySetResult();
            return;
        }
    }

    public void Dispose() => _database.Published -= HeardAsync;

    private async Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        foreach (var subscriber in _subscribers)
        {
            if (!_loaded.Contains(subscriber))
            {
                await subscriber.LoadAsync(cancellation);
                _loaded.Add(subscriber);
                _whole = true;
            }
            else if (changes.Count > 0)
            {
                await subscriber.ApplyAsync(changes, cancellation);
            }
        }

        if (changes.Count == 0 && !_whole)
            return;
        _generation.Raise();
        Applied?.Invoke(_whole ? null : changes);
        _whole = false;
    }

    private void Advance(FeedPoint reached)
    {
        _database.Followed = _known = reached;
        Volatile.Write(ref _position, reached.Position);
        Interlocked.Exchange(ref _advanced, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>The store's history is not the one that this node remembers: nothing in memory counts until it is loaded anew.</summary>
    private async Task ForgetAsync(FeedPoint known, FeedReading reading, History history, CancellationToken cancellation)
    {
        LogForgotten(_log, history, known.Position, reading.Last, known.Epoch, reading.Epoch);
        _freshness.Revoke();
        _loaded.Clear();
        _whole = true;
        foreach (var subscriber in _subscribers)
            subscriber.Drop();
        _generation.Raise();
        // Acknowledged revocations may be lost with the history: what was granted before may not count, on any node.
        if (history == History.WentBack)
            await Epoch.RaiseAsync(_database, Math.Max(known.Epoch, reading.Epoch), cancellation);
        _database.Followed = _known = null;
        Volatile.Write(ref _position, -1);
    }

    private async Task TryLookAsync(CancellationToken cancellation)
    {
        try
        {
            await LookAsync(cancellation);
            if (!_answering)
                LogAnswersAgain(_log, _database.Name);
            _answering = true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it was, what is in memory grows old, and requests are refused when it is too old.
            if (_answering)
                LogDoesNotAnswer(_log, _database.Name, e);
            _answering = false;
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _database.ListenAsync(Wake, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogNotListening(_log, _database.Name, e.Message);
                await Task.Delay(Told, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
            }
        }

        Wake();
    }

    private Task HeardAsync(long position)
    {
        Wake();
        return _isRunning ? AppliedAsync(position) : Task.CompletedTask;
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private sealed class Subscription(ChangeFeed feed, IFeedSubscriber subscriber) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed._subscribers, (all, removed) => all.Remove(removed), subscriber);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store's history is not the one this node remembers ({History}: change {Known} became {Seen}, epoch {KnownEpoch} became {SeenEpoch}): everything in memory is dropped")]
    private static partial void LogForgotten(ILogger log, History history, long known, long seen, long knownEpoch, long seenEpoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store} does not answer; requests are refused once what is in memory is too old")]
    private static partial void LogDoesNotAnswer(ILogger log, string store, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Store} answers again")]
    private static partial void LogAnswersAgain(ILogger log, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store} does not tell of changes: {Reason} Looking every 100 ms instead")]
    private static partial void LogNotListening(ILogger log, string store, string reason);
}
