using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Store.Tables;

/// <summary>
/// Rows of the store in memory: loaded on first use, kept true by the change feed. Absence is not remembered, or whoever asks for
/// what does not exist yet would hide it, and whoever invents keys would fill the memory.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing to free.")]
internal sealed class Table<T> : IFeedSubscriber
    where T : class
{
    /// <summary>Attempts at loading a row that changes while it is loaded.</summary>
    private const int Attempts = 4;

    private readonly string _kind;
    private readonly Func<string, CancellationToken, Task<T?>> _load;
    private readonly TableOptions _options;
    private readonly TimeProvider _time;
    private readonly BoundedCache<T> _rows;
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places;

    /// <param name="kind">The kind of change that invalidates a row; a change's key is the row's.</param>
    /// <param name="load">Reads one row from the store; null where there is none.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock for the deadline.</param>
    public Table(string kind, Func<string, CancellationToken, Task<T?>> load, TableOptions options, TimeProvider time)
    {
        (_kind, _load, _options, _time) = (kind, load, options, time);
        _rows = new(options.Capacity);
        _places = new(options.Concurrency);
    }

    public int Count => _rows.Count;

    /// <summary>A hit: synchronous, without an allocation.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out T? row) => _rows.TryGet(key, out row);

    /// <inheritdoc cref="TryGet(string, out T)"/>
    public bool TryGet(ReadOnlySpan<char> key, [NotNullWhen(true)] out T? row) => _rows.TryGet(key, out row);

    /// <summary>For a miss. Many who miss the same row wait for one load.</summary>
    public async ValueTask<Lookup<T>> LoadAsync(string key, CancellationToken cancellation = default)
    {
        if (_rows.TryGet(key, out var row))
            return Lookup<T>.Found(row);
        var flight = _flights.GetOrAdd(key, static key => new Flight(key));
        try
        {
            return await flight.Start(LoadAsync).WaitAsync(_options.Deadline, _time, cancellation);
        }
        catch (TimeoutException)
        {
            return Lookup<T>.Unavailable;
        }
    }

    /// <summary>What is remembered of a row is not believed any more.</summary>
    public void Forget(string key)
    {
        // A flight that has stored its row has left before; one that has not will see the mark: in either order nothing old stays.
        if (_flights.TryGetValue(key, out var flight))
            flight.Overtake();
        _rows.Remove(key);
    }

    public void Drop()
    {
        foreach (var key in _flights.Keys)
            Forget(key);
        _rows.Clear();
    }

    /// <summary>What was loaded before the feed noted where it stands may have changed unheard.</summary>
    Task IFeedSubscriber.LoadAsync(CancellationToken cancellation)
    {
        Drop();
        return Task.CompletedTask;
    }

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        foreach (var change in changes)
        {
            if (change.Kind == _kind)
                Forget(change.Key);
        }

        return Task.CompletedTask;
    }

    private async Task<Lookup<T>> LoadAsync(Flight flight)
    {
        // Not its first caller's token: others wait for the same row.
        using var patience = new CancellationTokenSource(_options.Deadline, _time);
        var hasPlace = false;
        try
        {
            await _places.WaitAsync(patience.Token);
            hasPlace = true;
            for (var attempt = 1; attempt <= Attempts; attempt++)
            {
                flight.Depart();
                var row = await _load(flight.Key, patience.Token);
                if (flight.Arrive(() => Store(flight.Key, row)))
                    return row is null ? Lookup<T>.Absent : Lookup<T>.Found(row);
            }

            return Lookup<T>.Unavailable;
        }
        catch (Exception e) when (e is StoreUnavailableException || patience.IsCancellationRequested)
        {
            return Lookup<T>.Unavailable;
        }
        finally
        {
            _flights.TryRemove(new(flight.Key, flight));
            if (hasPlace)
                _places.Release();
        }
    }

    private void Store(string key, T? row)
    {
        if (row is not null)
            _rows.Set(key, row);
    }

    /// <summary>One load under way.</summary>
    private sealed class Flight(string key)
    {
        private readonly Lock _gate = new();
        private Task<Lookup<T>>? _task;
        private bool _overtaken;

        public string Key => key;

        public Task<Lookup<T>> Start(Func<Flight, Task<Lookup<T>>> load)
        {
            lock (_gate)
                return _task ??= Task.Run(() => load(this));
        }

        public void Depart()
        {
            lock (_gate)
                _overtaken = false;
        }

        /// <summary>A change of the row was heard of: what is being loaded may be what it was before.</summary>
        public void Overtake()
        {
            lock (_gate)
                _overtaken = true;
        }

        /// <summary>False where a change overtook the load; otherwise <paramref name="store"/> has run before any later change can.</summary>
        public bool Arrive(Action store)
        {
            lock (_gate)
            {
                if (_overtaken)
                    return false;
                store();
                return true;
            }
        }
    }
}
