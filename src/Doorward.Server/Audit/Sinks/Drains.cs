using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Sinks;

/// <summary>
/// All drains of the trail, and what may be removed because of them. The store is waited for until the space is used up, and then
/// guarded routes refuse; other sinks until half of it is.
/// </summary>
internal sealed class Drains : IAsyncDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    private readonly AuditTrail _trail;
    private readonly AuditOptions _options;
    private readonly ITimer _timer;
    private bool _ended;

    /// <summary>Begins to drain.</summary>
    /// <param name="trail">The trail.</param>
    /// <param name="options">Its options.</param>
    /// <param name="store">The sink that must have every record; null where records are kept nowhere but in other sinks.</param>
    /// <param name="others">All other sinks.</param>
    /// <param name="time">For waiting between attempts.</param>
    public Drains(AuditTrail trail, AuditOptions options, IRecordSink? store, IReadOnlyList<IRecordSink> others, TimeProvider time)
    {
        (_trail, _options) = (trail, options);
        Store = store is null ? null : new(store, trail, time);
        Others = [.. others.Select(sink => new Drain(sink, trail, time))];
        _timer = time.CreateTimer(_ => Release(), null, _period, _period);
    }

    public Drain? Store { get; }

    public IReadOnlyList<Drain> Others { get; }

    public IEnumerable<Drain> All => Store is null ? Others : Others.Prepend(Store);

    /// <summary>Removes the segments that nobody needs any more.</summary>
    public void Release()
    {
        if (!Directory.Exists(_options.Folder)) return;
        var used = (long)SegmentFiles.In(_options.Folder).Count * _options.SegmentBytes;
        List<ChainPosition> taken = [Store?.Position ?? new(_trail.Node, _trail.Durable.Mark.Head.Sequence)];
        if (used < _options.SpaceBytes / 2) taken.AddRange(Others.Select(drain => drain.Position));
        _trail.Release(taken);
    }

    /// <summary>A node that ends for good leaves its folder behind: gives everything away that sinks take at once.</summary>
    public async Task EmptyAsync(TimeSpan patience)
    {
        await _trail.FlushAsync();
        var end = _trail.Durable.Mark.Head.Sequence;
        // The clock of the process that ends, whatever the server went by.
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < patience && All.Any(drain => drain.Trouble is null && (drain.Position.Node != _trail.Node || drain.Taken < end)))
            await Task.Delay(_look, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await _timer.DisposeAsync();
        if (Store is not null) await Store.DisposeAsync();
        foreach (var drain in Others) await drain.DisposeAsync();
    }
}
