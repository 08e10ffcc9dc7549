namespace Doorward.Server.Identity.Providers;

/// <summary>
/// A document of a provider's, fetched when it is needed and kept. While the provider is away the last good one stands in, for a bounded
/// time. However many ask at once, one fetch is under way.
/// </summary>
internal sealed class LastGood<T>(Func<CancellationToken, Task<T>> fetch, TimeProvider time)
    where T : class
{
    /// <summary>After this a use fetches anew; a key that the provider has removed is refused at the latest then.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>A document older than this is used for nothing.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromHours(1);

    /// <summary>Between two fetches for a newer one: strangers can provoke them by inventing key ids.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries while there is nothing to stand in.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private sealed record Kept(T Value, long FetchedAt);

    private readonly Lock _lock = new();
    private Kept? _kept;
    private Task<Kept>? _fetching;
    private long _lastTry;

    /// <exception cref="ProviderFaultException">There is none, or it is too old, and none can be had.</exception>
    public async ValueTask<T> GetAsync(CancellationToken cancel)
    {
        var kept = Volatile.Read(ref _kept);
        if (kept is not null && Age(kept.FetchedAt) < Fresh) return kept.Value;
        var usable = kept is not null && Age(kept.FetchedAt) < Bound;
        try
        {
            return (await FetchUnlessTriedWithin(usable ? CoolDown : RetryAfter).WaitAsync(cancel)).Value;
        }
        catch (ProviderFaultException) when (usable)
        {
            return kept!.Value;
        }
    }

    /// <summary>A newer one than this if there is one and it may be asked for; otherwise the same.</summary>
    public async ValueTask<T> GetNewerAsync(T known, CancellationToken cancel)
    {
        var kept = Volatile.Read(ref _kept);
        if (kept is not null && !ReferenceEquals(kept.Value, known)) return kept.Value;
        try
        {
            return (await FetchUnlessTriedWithin(CoolDown).WaitAsync(cancel)).Value;
        }
        catch (ProviderFaultException)
        {
            return known;
        }
    }

    // The try that is under way; or the last one, as it ended, if that was not long ago; or a new one.
    private Task<Kept> FetchUnlessTriedWithin(TimeSpan pause)
    {
        lock (_lock)
        {
            if (_fetching is { IsCompleted: false }) return _fetching;
            if (_fetching is not null && Age(_lastTry) < pause) return _fetching;
            _lastTry = time.GetTimestamp();
            return _fetching = Task.Run(FetchAsync);
        }
    }

    // Not cancelled by whoever asked first: others wait for the same answer. BoundedHttp ends it.
    private async Task<Kept> FetchAsync()
    {
        var sent = time.GetTimestamp();
        var fetched = new Kept(await fetch(CancellationToken.None), sent);
        Volatile.Write(ref _kept, fetched);
        return fetched;
    }

    private TimeSpan Age(long since) => time.GetElapsedTime(since);
}
