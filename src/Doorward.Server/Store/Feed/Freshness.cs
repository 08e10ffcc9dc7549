namespace Doorward.Server.Store.Feed;

/// <summary>
/// How old the facts in memory may be: the time since the last look at the feed that found everything applied was *sent*. The larger
/// of monotonic and wall-clock time, so that neither a suspended machine nor a clock set back makes facts look younger.
/// </summary>
internal sealed class Freshness(TimeProvider time, TimeSpan limit)
{
    /// <summary>No limit is shorter: nobody minds facts that are younger.</summary>
    public static readonly TimeSpan LeastLimit = TimeSpan.FromSeconds(2);

    private Mark? _confirmed;

    /// <summary>The age at which requests are refused.</summary>
    public TimeSpan Limit => limit;

    /// <summary><see cref="TimeSpan.MaxValue"/> until the first look.</summary>
    public TimeSpan Age
    {
        get
        {
            if (Volatile.Read(ref _confirmed) is not { } mark)
                return TimeSpan.MaxValue;
            var monotonic = time.GetElapsedTime(mark.Timestamp);
            var wall = time.GetUtcNow() - mark.Wall;
            return monotonic > wall ? monotonic : wall;
        }
    }

    public bool IsStale => Age > limit;

    /// <summary>Half as old as it may be: time to look, before anybody is refused.</summary>
    public bool IsAlarming => Age > limit / 2;

    /// <summary>Now, to be confirmed if the question asked now is answered well.</summary>
    public Mark Begin() => new(time.GetTimestamp(), time.GetUtcNow());

    public void Confirm(Mark sent) => Volatile.Write(ref _confirmed, sent);

    /// <summary>What is in memory may be wrong at any age.</summary>
    public void Revoke() => Volatile.Write(ref _confirmed, null);

    internal sealed record Mark(long Timestamp, DateTimeOffset Wall);
}
