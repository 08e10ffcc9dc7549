using System.Globalization;
using System.Text;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Sinks;

/// <summary>Brings the records of the trail to one sink, in batches, for as long as it runs.</summary>
internal sealed class Drain : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _lastRetry = TimeSpan.FromSeconds(30);

    private readonly IRecordSink _sink;
    private readonly AuditTrail _trail;
    private readonly TimeProvider _time;
    private readonly string _cursorPath;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _draining;
    private bool _remembers;
    private ChainPosition _position = new("", 0);
    private long _missed;

    public Drain(IRecordSink sink, AuditTrail trail, TimeProvider time)
    {
        (_sink, _trail, _time) = (sink, trail, time);
        _cursorPath = Path.Combine(trail.Folder, $"{sink.Name}.cursor");
        _draining = Task.Run(RunAsync);
    }

    public string Name => _sink.Name;

    /// <summary>How far it is; no chain's name before the first record.</summary>
    public ChainPosition Position => Volatile.Read(ref _position);

    /// <summary>The last sequence that the sink took over.</summary>
    public long Taken => Position.Sequence;

    /// <summary>Records that were removed before the sink took them, because it was away for too long.</summary>
    public long Missed => Volatile.Read(ref _missed);

    /// <summary>Why the last attempt failed; null while all is well.</summary>
    public string? Trouble { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _draining;
        await _sink.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        for (var retry = _firstRetry; !_stopping.IsCancellationRequested; retry = retry * 2 < _lastRetry ? retry * 2 : _lastRetry)
        {
            try
            {
                await GoOnAsync(() => retry = _firstRetry);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            // Whatever a sink throws is its trouble, never the trail's: it is told, and tried again.
            catch (Exception failure)
            {
                Trouble = failure.Message;
                // Half of it at random, so that nodes do not come back at the same instant.
                await Task.Delay(retry * (0.5 + (Random.Shared.NextDouble() / 2)), _time, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task GoOnAsync(Action progressed)
    {
        var told = await Limited(_sink.TakenAsync(_trail.Node, _stopping.Token));
        _remembers = told is null;
        var start = told is { } sequence ? new(_trail.Node, sequence) : ReadCursor();
        var reader = new SegmentReader(_trail.Folder);
        // Of the newest chain it has nothing: an older one in this folder may not be there to its end.
        if (start.Sequence == 0) reader.GoToStart();
        else reader.GoBehind(start);
        Volatile.Write(ref _position, start.Sequence == 0 ? new("", 0) : start);
        while (true)
        {
            var durable = _trail.Durable;
            var records = reader.Read(durable);
            if (records.Count == 0)
            {
                Trouble = null;
                await durable.Moved.Task.WaitAsync(_stopping.Token);
                continue;
            }
            if (records[0].Node != Position.Node) await EnterAsync(records[0].Node);
            var taken = Taken;
            if (taken > 0 && records[0].Sequence > taken + 1) _missed += records[0].Sequence - taken - 1;
            await TakeAsync([.. records.SkipWhile(record => record.Sequence <= taken)]);
            progressed();
        }
    }

    /// <summary>The next chain in the folder begins.</summary>
    private async Task EnterAsync(string node) =>
        Volatile.Write(ref _position, new(node, _remembers ? 0 : await Limited(_sink.TakenAsync(node, _stopping.Token)) ?? 0));

    private async Task TakeAsync(IReadOnlyList<ChainedRecord> records)
    {
        if (records.Count == 0) return;
        await Limited(_sink.TakeAsync(records, _stopping.Token));
        Trouble = null;
        Volatile.Write(ref _position, new(records[^1].Node, records[^1].Sequence));
        if (_remembers) WriteCursor();
    }

    private async Task<T> Limited<T>(Task<T> work) => await work.WaitAsync(_patience, _time, _stopping.Token);

    private async Task Limited(Task work) => await work.WaitAsync(_patience, _time, _stopping.Token);

    private ChainPosition ReadCursor() =>
        File.Exists(_cursorPath) && File.ReadAllText(_cursorPath).Split(' ') is [var node, var sequence] && long.TryParse(sequence, CultureInfo.InvariantCulture, out var taken)
            ? new(node, taken)
            : new("", 0);

    private void WriteCursor()
    {
        try
        {
            File.WriteAllText(_cursorPath + ".new", string.Create(CultureInfo.InvariantCulture, $"{Position.Node} {Position.Sequence}"), Encoding.ASCII);
            File.Move(_cursorPath + ".new", _cursorPath, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // On a full disk draining must go on, for it is what makes room; after a restart the sink gets some records again.
            Trouble = failure.Message;
        }
    }
}
