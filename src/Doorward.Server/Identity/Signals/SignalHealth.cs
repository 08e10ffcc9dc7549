using System.Collections.Frozen;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Identity.Signals;

/// <summary>How a transmitter's stream does.</summary>
internal enum StreamState
{
    /// <summary>It was heard not long ago, or nobody watches how long it is silent.</summary>
    Heard,

    /// <summary>Nothing came for longer than it may be silent: what it should tell may be lost.</summary>
    Silent,

    /// <summary>It said itself that it keeps its events back.</summary>
    Paused,

    /// <summary>It said itself that it sends no more.</summary>
    Disabled,
}

/// <summary>
/// How long ago each transmitter was heard, in memory. Of one that was never heard, and while nothing is known, it is not assumed that all
/// is well.
/// </summary>
internal sealed class SignalHealth(Database database, Func<IReadOnlyList<Transmitter>> transmitters, TimeProvider time) : IFeedSubscriber
{
    private readonly Lock _lock = new();
    private FrozenDictionary<string, SourceRow>? _rows;
    private long _begun, _kept;

    public void Drop()
    {
        lock (_lock) (_rows, _kept) = (null, Interlocked.Increment(ref _begun));
    }

    /// <summary>Both the feed and the watch load: what was read later counts, however they end.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var begun = Interlocked.Increment(ref _begun);
        var rows = (await database.ReadAsync(SignalSources.ListAsync, cancellation)).ToFrozenDictionary(row => row.Source, StringComparer.Ordinal);
        lock (_lock)
            if (begun > _kept) (_rows, _kept) = (rows, begun);
    }

    // When somebody was heard is not told by the feed, only how the stream is; SignalWatch reads the rest every few seconds.
    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        changes.Any(change => change.Kind == SignalSources.Kind) ? LoadAsync(cancellation) : Task.CompletedTask;

    public StreamState Of(Transmitter one)
    {
        var row = Volatile.Read(ref _rows)?.GetValueOrDefault(one.Source);
        if (row?.Status == "paused") return StreamState.Paused;
        if (row?.Status == "disabled") return StreamState.Disabled;
        if (one.Options.Patience is not { } patience) return StreamState.Heard;
        return row?.Heard is { } heard && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(heard) <= patience ? StreamState.Heard : StreamState.Silent;
    }

    /// <summary>Whether a route that requires this transmitter must refuse. Answers from memory.</summary>
    public bool IsBlind(string name)
    {
        foreach (var one in transmitters())
            if (one.Name == name) return Volatile.Read(ref _rows) is null || Of(one) != StreamState.Heard;
        return true;
    }
}
