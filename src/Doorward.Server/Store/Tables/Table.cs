using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Store.Tables;

/// <summary>Reads rows from the store, of which those that there are come back by their keys.</summary>
internal delegate Task<IReadOnlyDictionary<string, T>> LoadRows<T>(IReadOnlyList<string> keys, CancellationToken cancellation);

/// <summary>
/// Rows of the store in memory: loaded on first use, kept true by the change feed. Many that are missed at once, as when a node takes over
/// another's people, are read together. Absence is not remembered, or whoever asks for
/// what does not exist yet would hide it, and whoever invents keys would fill the memory.
/// </summary>
internal sealed class Table<T> : IFeedSubscriber
    where T : class
{
    /// <summary>Attempts at loading a row that changes while it is loaded.</summary>
    private const int Attempts = 4;

    private readonly string _kind;
    private readonly LoadRows<T> _load;
    private readonly TableOptions _options;
    private readonly TimeProvider _time;
    private readonly BoundedCache<T> _rows;
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Flight> _waiting = [];
    private int _places;

    /// <param name="kind">The kind of change that invalidates a row; a change's key is the row's.</param>
    /// <param name="load">Reads rows from the store.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock for the deadline.</param>
    public Table(string kind, LoadRows<T> load, TableOptions options, TimeProvider time)
    {
        (_kind, _load, _options, _time) = (kind, load, options, time);
        _rows = new(options.Capacity);
        _places = options.Concurrency;
    }

    /// <param name="kind">See the other.</param>
    /// <param name="load">Reads one row from the store; null where there is none.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock for the deadline.</param>
    public Table(string kind, Func<string, CancellationToken, Task<T?>> load, TableOptions options, TimeProvider time)
        : this(kind, (keys, cancellation) => OneAsync(load, keys[0], cancellation), options with { Batch = 1 }, time)
    {
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
        var flight = new Flight(key, _time.GetTimestamp());
        if (_flights.GetOrAdd(key, flight) is var known && known == flight)
        {
            _waiting.Enqueue(flight);
            Load();
        }
        try
        {
            return await known.Landed.WaitAsync(_options.Deadline, _time, cancellation);
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

    /// <summary>Takes a place, where one is free, and loads what waits.</summary>
    private void Load()
    {
        // Never below zero: whoever gives a place back would take that for «none is free».
        for (var free = Volatile.Read(ref _places); ; free = Volatile.Read(ref _places))
        {
            if (free <= 0) return;
            if (Interlocked.CompareExchange(ref _places, free - 1, free) == free) break;
        }
        _ = Task.Run(async () =>
        {
            while (TakeBatch() is { Count: > 0 } batch) await LoadAsync(batch);
            Interlocked.Increment(ref _places);
            // Whoever came between the last look and the place given back found no place.
            if (!_waiting.IsEmpty) Load();
        });
    }

    private List<Flight> TakeBatch()
    {
        var batch = new List<Flight>();
        while (batch.Count < _options.Batch && _waiting.TryDequeue(out var flight))
        {
            // Nobody waits for it any more.
            if (_time.GetElapsedTime(flight.Began) >= _options.Deadline) Land(flight, Lookup<T>.Unavailable);
            else batch.Add(flight);
        }
        return batch;
    }

    private async Task LoadAsync(List<Flight> batch)
    {
        // Not the first caller's token: others wait for the same rows.
        using var patience = new CancellationTokenSource(_options.Deadline, _time);
        try
        {
            for (var attempt = 1; attempt <= Attempts && batch.Count > 0; attempt++)
            {
                foreach (var flight in batch) flight.Depart();
                var rows = await _load([.. batch.Select(flight => flight.Key)], patience.Token);
                batch.RemoveAll(flight =>
                {
                    var row = rows.GetValueOrDefault(flight.Key);
                    if (!flight.Arrive(() => Store(flight.Key, row))) return false;
                    Land(flight, row is null ? Lookup<T>.Absent : Lookup<T>.Found(row));
                    return true;
                });
            }
        }
        catch (Exception e) when (e is StoreUnavailableException || patience.IsCancellationRequested)
        {
        }
        catch (Exception e) when (batch.Count == 1)
        {
            Land(batch[0], e);
            return;
        }
        catch (Exception)
        {
            // One of them cannot be read: the others can.
            foreach (var flight in batch) await LoadAsync([flight]);
            return;
        }
        foreach (var flight in batch) Land(flight, Lookup<T>.Unavailable);
    }

    private void Land(Flight flight, Lookup<T> lookup)
    {
        _flights.TryRemove(new(flight.Key, flight));
        flight.Land(lookup);
    }

    private void Land(Flight flight, Exception fault)
    {
        _flights.TryRemove(new(flight.Key, flight));
        flight.Land(fault);
    }

    private static async Task<IReadOnlyDictionary<string, T>> OneAsync(Func<string, CancellationToken, Task<T?>> load, string key, CancellationToken cancellation) =>
        await load(key, cancellation) is { } row ? new Dictionary<string, T>(StringComparer.Ordinal) { [key] = row } : new Dictionary<string, T>();

    private void Store(string key, T? row)
    {
        if (row is not null)
            _rows.Set(key, row);
    }

    /// <summary>One load under way.</summary>
    private sealed class Flight(string key, long began)
    {
        private readonly Lock _gate = new();
        private readonly TaskCompletionSource<Lookup<T>> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _overtaken;

        public string Key => key;

        public long Began => began;

        public Task<Lookup<T>> Landed => _landed.Task;

        public void Land(Lookup<T> lookup) => _landed.SetResult(lookup);

        public void Land(Exception fault) => _landed.SetException(fault);

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
