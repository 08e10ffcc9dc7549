namespace Doorward.Server.Store.Feed;

/// <summary>
/// How far this node's clock is from the store's, which all nodes share. Sessions' ends, assertions and records stand on it; the age of
/// facts does not.
/// </summary>
internal sealed class ClockSkew(TimeProvider time)
{
    /// <summary>Beyond this somebody must look: tokens are believed for a minute beyond their times, and half of that may be another's skew.</summary>
    public static readonly TimeSpan Alarm = TimeSpan.FromSeconds(5);

    private long _ticks;

    /// <summary>At least so far apart: what the way there and back may explain is not counted. Positive where this node is ahead.</summary>
    public TimeSpan Current => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    public bool IsAlarming => Current.Duration() > Alarm;

    /// <param name="sent">This node's time when the store was asked.</param>
    /// <param name="store">The store's time when it answered, as Unix milliseconds.</param>
    public void Note(DateTimeOffset sent, long store)
    {
        var there = DateTimeOffset.FromUnixTimeMilliseconds(store);
        var received = time.GetUtcNow();
        var apart = sent > there ? sent - there : received < there ? received - there : TimeSpan.Zero;
        Volatile.Write(ref _ticks, apart.Ticks);
    }
}
