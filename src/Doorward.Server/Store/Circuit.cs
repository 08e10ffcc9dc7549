namespace Doorward.Server.Store;

/// <summary>
/// Answers at once while the store is known to be away, so that callers do not queue for their deadlines. Opens after three failures
/// in a row; lets one call through each second, and closes at the first success (the change feed's, as a rule).
/// </summary>
internal sealed class Circuit(TimeProvider time)
{
    private const int FailuresToOpen = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _failures;
    private long _next;

    public void ThrowIfOpen()
    {
        if (Volatile.Read(ref _failures) < FailuresToOpen)
            return;
        var next = Volatile.Read(ref _next);
        var now = time.GetTimestamp();
        var trial = now >= next && Interlocked.CompareExchange(ref _next, now + Ticks(Pause), next) == next;
        if (!trial)
            throw new StoreUnavailableException("The store did not answer a moment ago; not asked again yet.");
    }

    public void Failed()
    {
        Volatile.Write(ref _next, time.GetTimestamp() + Ticks(Pause));
        Interlocked.Increment(ref _failures);
    }

    public void Close() => Volatile.Write(ref _failures, 0);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
