using System.Threading.Channels;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit;

/// <summary>
/// Records that nobody waits for, and that could not be written at once: ends of connections while there is no room, and all of
/// them where writing blocks. They wait in memory, within a bound, until there is room.
/// </summary>
internal sealed class LateRecords : IAsyncDisposable
{
    /// <summary>Records of about 300 bytes: twenty megabytes at the most.</summary>
    private const int Most = 65_536;

    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(1);

    private readonly SegmentLog _log;
    private readonly TimeProvider _time;
    private readonly Channel<Late> _waiting = Channel.CreateBounded<Late>(new BoundedChannelOptions(Most));
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private long _lost;

    public LateRecords(SegmentLog log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        _writing = Task.Run(WriteAsync);
    }

    public int Count => _waiting.Reader.Count;

    /// <summary>Records for which even the memory was too small.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Add(byte[] text, RecordLengths lengths)
    {
        if (!_waiting.Writer.TryWrite(new(text, lengths))) Interlocked.Increment(ref _lost);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        // Those that find no room even now are lost with the process; the ends of all others are written.
        _stopping.CancelAfter(_retry);
        await _writing;
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        await foreach (var (text, lengths) in _waiting.Reader.ReadAllAsync())
        {
            var room = _log.Room;
            while (!_log.TryAppend(text, lengths, decision: false) && !_stopping.IsCancellationRequested)
            {
                await Task.WhenAny(room, Task.Delay(_retry, _time, _stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default));
                room = _log.Room;
            }
        }
    }

    private sealed record Late(byte[] Text, RecordLengths Lengths);
}
