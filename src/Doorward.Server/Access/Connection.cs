using Doorward.Server.Identity;
using Doorward.Server.Routes;

namespace Doorward.Server.Access;

/// <summary>What is open, held or cut.</summary>
internal enum ConnectionState : byte
{
    /// <summary>Bytes pass.</summary>
    Open,

    /// <summary>No byte passes, either way: what is known is too old. Opens again, or is cut.</summary>
    Held,

    /// <summary>Over, by Doorward.</summary>
    Cut,
}

/// <summary>
/// One request until its last byte, a moment or a working day. It is entered before it is judged, so that a change which lands
/// in between is seen by one side or the other. Leaving is its own undo: <c>using var connection = live.Enter(...)</c>.
/// </summary>
internal sealed class Connection(LiveConnections live, int shard, string id, Route route, Session? session) : IDisposable
{
    // An intrusive list: entering allocates nothing but the entry itself. Guarded by the shard's lock.
    internal Connection? Next;
    internal Connection? Previous;

    // Set when it is opened; from then on also the lock of everything below.
    private CancellationTokenSource? _end;
    private Func<Caller, Judgement>? _judge;
    private TaskCompletionSource? _held;
    private long _due = long.MaxValue;
    private string? _device;
    private volatile ConnectionState _state;
    private volatile bool _fromStore;
    private bool _left;

    internal int Shard { get; } = shard;

    /// <summary>The request's id, which joins page, log, audit and trace.</summary>
    public string Id { get; } = id;

    public Route Route { get; } = route;

    public Session? Session { get; } = session;

    /// <summary>The device that the client's certificate named when it was entered; null where none.</summary>
    public string? DeviceShown { get; init; }

    public ConnectionState State => _state;

    /// <summary>For good: what is cut is never opened again.</summary>
    public bool IsCut => _state == ConnectionState.Cut;

    /// <summary>Why it was cut; null while it was not, and after it has left.</summary>
    public Ending? Ending => IsCut ? live.Endings.Find(this) : null;

    /// <summary>Cancelled when it was cut, after the client was told.</summary>
    public CancellationToken Ended => _end?.Token ?? CancellationToken.None;

    /// <summary>When the answer that it stands on may change by itself, in UTC ticks.</summary>
    public long Due => Volatile.Read(ref _due);

    /// <summary>The device that it was last judged on; null where none was known.</summary>
    public string? Device => Volatile.Read(ref _device);

    /// <summary>Whether the answer stands on what only the store tells, and so may grow old.</summary>
    public bool ReadsStore => _fromStore;

    /// <summary>When it was held, by the injected clock's timestamp; means something while it is.</summary>
    public long HeldSince { get; private set; }

    /// <summary>
    /// Tells the client in the stream's own protocol; set by whoever forwards a stream that can be told something. A delegate, so that
    /// this room needs to know nothing of the way a stream is cut.
    /// </summary>
    public Func<Ending, Task>? Farewell { get; set; }

    /// <summary>Set where the bytes of the answer ask <see cref="PassAsync"/>; one that does not ask cannot be held.</summary>
    public bool Asks { get; set; }

    /// <summary>From here on it can be judged again, held and cut.</summary>
    /// <param name="judgement">What it is let through on.</param>
    /// <param name="judge">Judges the same request anew, for a caller as they are known then.</param>
    public void Open(in Judgement judgement, Func<Caller, Judgement> judge)
    {
        Stand(judgement);
        _judge = judge;
        Volatile.Write(ref _end, new CancellationTokenSource());
    }

    /// <summary>Judges it anew: it goes on, is held, or is cut.</summary>
    /// <param name="caller">Who asks, as they are known now.</param>
    /// <param name="cause">What changed.</param>
    /// <param name="since">When that was heard.</param>
    public void Review(Caller caller, string cause, long since)
    {
        if (Volatile.Read(ref _end) is not { } end) return;
        lock (end)
        {
            // The request is read while it is judged: not after it has left.
            if (_left || IsCut) return;
            var judgement = _judge!(caller);
            var refusal = judgement.Refusal;
            // Its upstream was told of somebody who is signed out; a stranger, whom the route may let in, is somebody else.
            if (refusal is null && Session is not null && caller.Kind == CallerKind.Refused) refusal = RefusalKind.SignIn;
            if (refusal is null)
            {
                Stand(judgement);
                Resume();
            }
            else if (refusal is RefusalKind.Stale or RefusalKind.Unavailable or RefusalKind.Silent)
            {
                Hold(cause, since);
            }
            else
            {
                End(new Ending(refusal.Value, cause, judgement.Rule, Id, since) { Reasons = judgement.Decision.Reasons });
            }
        }
    }

    /// <summary>What is known is too old: nothing passes until it is judged anew.</summary>
    public void Hold(string cause, long since)
    {
        if (Volatile.Read(ref _end) is not { } end) return;
        lock (end)
        {
            if (_left || _state != ConnectionState.Open) return;
            if (!Asks)
            {
                Cut(cause, since);
                return;
            }
            HeldSince = live.Time.GetTimestamp();
            _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _state = ConnectionState.Held;
        }
    }

    /// <summary>Cuts one that was held for as long as its route grants.</summary>
    public void Cut(string cause, long since)
    {
        if (Volatile.Read(ref _end) is not { } end) return;
        lock (end)
            if (!_left) End(new Ending(RefusalKind.Stale, cause, "stale", Id, since));
    }

    /// <summary>Asked before bytes pass, either way. Waits while held.</summary>
    /// <returns>False where it is cut: they do not pass.</returns>
    public ValueTask<bool> PassAsync(CancellationToken cancel) =>
        // The age first: whoever finds it young finds also what was held while it was old.
        !live.IsTooOld(this) && _state == ConnectionState.Open ? new(true) : WaitAsync(cancel);

    /// <summary>For whoever has nothing more to do with it than to be cancelled with the rest.</summary>
    public Task OverAsync() => Task.Delay(Timeout.InfiniteTimeSpan, live.Time, Ended);

    public void Dispose()
    {
        if (_left) return;
        if (_end is { } end)
        {
            lock (end) _left = true;
        }
        _left = true;
        if (IsCut) live.Endings.Remove(this);
        live.Leave(this);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        while (true)
        {
            // A process that slept wakes up here, before its first review.
            if (_state == ConnectionState.Open && live.IsTooOld(this)) Hold("stale facts", live.Time.GetTimestamp());
            Task? held;
            lock (_end!)
            {
                if (IsCut) return false;
                if (_state == ConnectionState.Open) return true;
                held = _held!.Task;
            }
            await held.WaitAsync(cancel);
        }
    }

    private void Stand(in Judgement judgement)
    {
        _fromStore = (judgement.Decision.Reads & Judge.FromStore) != 0;
        Volatile.Write(ref _device, judgement.Facts?.Device?.Id);
        Volatile.Write(ref _due, judgement.Decision.ValidUntil?.UtcTicks ?? long.MaxValue);
    }

    private void Resume()
    {
        if (_state != ConnectionState.Held) return;
        _state = ConnectionState.Open;
        _held!.SetResult();
    }

    private void End(Ending ending)
    {
        if (IsCut) return;
        var wasHeld = _state == ConnectionState.Held;
        live.Endings.Add(this, ending);
        _state = ConnectionState.Cut;
        if (wasHeld) _held!.SetResult();
        live.Farewells.Begin(EndAsync);
    }

    private async Task EndAsync()
    {
        // Its turn may come seconds after it was cut. What has left meanwhile is told nothing: the answer under way may be the next one's.
        if (Ending is not { } ending) return;
        try
        {
            if (Farewell is { } farewell) await farewell(ending);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client has gone, or the answer is just ending by itself: there is nobody to tell.
        }
        await _end!.CancelAsync();
    }
}
