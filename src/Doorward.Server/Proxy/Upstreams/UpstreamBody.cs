using System.Threading.Tasks.Sources;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// What an upstream sends over HTTP/2. While its reader waits for more it can be ended as if nothing more came, without the exceptions
/// of a cancelled read that climb through all who wait for it. Over HTTP/1.1 the HTTP client first drains a body that is given up, so that one is cancelled.
/// </summary>
internal sealed class UpstreamBody : AsyncStream, IValueTaskSource<int>
{
    private const int Idle = 0, Waiting = 1, Over = 2;

    private readonly Stream _inner;
    private readonly CancellationTokenSource _leaving;
    private readonly Action _arrived;
    private ManualResetValueTaskSourceCore<int> _answer;
    private Task<int>? _reading;
    private int _state;

    /// <param name="inner">The HTTP client's.</param>
    /// <param name="cancel">Cancels its reads, as ever.</param>
    public UpstreamBody(Stream inner, CancellationToken cancel) =>
        (_inner, _leaving, _arrived) = (inner, CancellationTokenSource.CreateLinkedTokenSource(cancel), Arrived);

    public override bool CanRead => true;

    /// <summary>Ends it, where its reader waits; does nothing where it does not. What follows may run before this returns.</summary>
    public void End()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) != Waiting) return;
        try
        {
            _leaving.Cancel();
        }
        finally
        {
            _answer.SetResult(0);
        }
    }

    /// <param name="buffer">Filled; none to wait for bytes.</param>
    /// <param name="cancellationToken">Not looked at: YARP reads by the token that it made the exchange with, which is the constructor's.</param>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _state) == Over) return new(0);
        var reading = _inner.ReadAsync(buffer, _leaving.Token);
        // Only a read of no bytes can be left alone: nobody then fills a buffer that is somebody else's by now. YARP waits by those.
        return buffer.IsEmpty && !reading.IsCompleted ? Wait(reading.AsTask()) : reading;
    }

    int IValueTaskSource<int>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _leaving.Dispose();
        }
        base.Dispose(disposing);
    }

    private ValueTask<int> Wait(Task<int> reading)
    {
        _answer.Reset();
        _reading = reading;
        Volatile.Write(ref _state, Waiting);
        reading.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_arrived);
        return new(this, _answer.Version);
    }

    private void Arrived()
    {
        var reading = _reading!;
        // Looked at also where nobody waits any more: a failure that nobody has seen is reported as a fault.
        var failure = reading.Exception?.InnerException;
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) != Waiting) return;
        if (reading.IsCompletedSuccessfully) _answer.SetResult(reading.Result);
        else _answer.SetException(failure ?? new TaskCanceledException(reading));
    }
}
