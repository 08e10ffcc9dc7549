namespace Doorward.Server.Audit.Segments;

/// <summary>
/// The segments that are being written: one that takes records, and one that waits, so that nobody waits for the disk when the
/// first is full. Appending takes no lock; only changing over to the next segment does.
/// </summary>
internal sealed class SegmentLog(string folder, string node, AuditOptions options)
{
    private readonly Lock _lock = new();
    private readonly List<Segment> _unchained = [];
    private Segment? _current;
    private Segment? _next;
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when a segment is full: its entries are to be chained, and another segment is to be made.</summary>
    public Action Full { get; set; } = static () => { };

    public string Folder => folder;

    public string Node => node;

    /// <summary>Why no further segment can be made; null while all is well. Records are refused once those there are full.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether a decision would be written now.</summary>
    public bool TakesDecisions => Volatile.Read(ref _current) is { } segment && HasRoom(segment, forDecisions: true);

    /// <summary>Whether writing may wait for the disk, so that it must not be done on a thread that serves sockets.</summary>
    public bool Blocks => Volatile.Read(ref _current) is { Mapped: false };

    public bool NeedsNext => Volatile.Read(ref _next) is null;

    /// <summary>Completes when there is room again, or it is known that there is none.</summary>
    public Task Room => Volatile.Read(ref _room).Task;

    /// <summary>Bytes that the refusals of strangers took of the segment that is being written, and how many they may take.</summary>
    public bool TakeStrangerRoom(int bytes)
    {
        if (Volatile.Read(ref _current) is not { } segment) return false;
        var limit = (long)(segment.Capacity * options.StrangerShare);
        if (Interlocked.Add(ref segment.StrangerBytes, SegmentFormat.Padded(bytes)) <= limit) return true;
        Interlocked.Add(ref segment.StrangerBytes, -SegmentFormat.Padded(bytes));
        return false;
    }

    /// <summary>Writes a record. A decision leaves room for the ends of those that were let through before.</summary>
    public bool TryAppend(ReadOnlySpan<byte> text, RecordLengths lengths, bool decision)
    {
        while (Volatile.Read(ref _current) is { } segment && HasRoom(segment, decision))
        {
            if (segment.TryReserve(SegmentFormat.EntryHeaderBytes + text.Length, out var at)) return Write(segment, at, lengths, text);
            if (!ChangeOver(segment)) return false;
        }
        return false;
    }

    /// <summary>The segments whose entries are not all chained yet, oldest first; the last one takes records.</summary>
    public Segment[] Unchained()
    {
        lock (_lock) return [.. _unchained];
    }

    /// <summary>Everything in the oldest of them is chained.</summary>
    public void Chained(Segment segment)
    {
        lock (_lock) _unchained.Remove(segment);
    }

    /// <summary>Begins, or goes on after a failure.</summary>
    public void Start(Segment current)
    {
        lock (_lock)
        {
            _unchained.Clear();
            _unchained.Add(current);
            Volatile.Write(ref _current, current);
        }
        SetNext(null);
    }

    public void SetNext(Segment? next)
    {
        lock (_lock)
        {
            _next = next ?? _next;
            Trouble = null;
            MakeRoomKnown();
        }
    }

    /// <summary>Takes away the segment that waits, which lies on a disk that failed.</summary>
    public void DropNext()
    {
        lock (_lock)
        {
            if (_next is not { } next) return;
            _next = null;
            next.Dispose();
            File.Delete(next.Path);
        }
    }

    public void SetTrouble(string trouble)
    {
        lock (_lock)
        {
            Trouble = trouble;
            MakeRoomKnown();
        }
    }

    /// <summary>Gives up what is being written, because its disk failed. Nothing is taken until <see cref="Start"/>.</summary>
    /// <returns>The segments given up, oldest first; nobody writes to them any more once their entries are complete.</returns>
    public IReadOnlyList<Segment> GiveUp(string trouble)
    {
        lock (_lock)
        {
            Trouble = trouble;
            Volatile.Write(ref _current, null);
            foreach (var segment in _unchained) segment.Close();
            Segment[] given = [.. _unchained];
            _unchained.Clear();
            return given;
        }
    }

    private bool HasRoom(Segment segment, bool forDecisions) =>
        !forDecisions || Volatile.Read(ref _next) is not null || segment.Tail < segment.Capacity - (segment.Capacity / options.EndsShareDivisor);

    private static bool Write(Segment segment, long at, RecordLengths lengths, ReadOnlySpan<byte> text)
    {
        if (segment.Mapped)
        {
            segment.Write(at, lengths, text);
            return true;
        }
        try
        {
            segment.Write(at, lengths, text);
            return true;
        }
        catch (IOException)
        {
            segment.Abandon(at, SegmentFormat.EntryHeaderBytes + text.Length);
            return false;
        }
    }

    private bool ChangeOver(Segment full)
    {
        lock (_lock)
        {
            if (_current != full) return true;
            if (_next is { } next)
            {
                _unchained.Add(next);
                Volatile.Write(ref _current, next);
                Volatile.Write(ref _next, null);
            }
        }
        Full();
        return Volatile.Read(ref _current) != full;
    }

    private void MakeRoomKnown()
    {
        var room = _room;
        Volatile.Write(ref _room, new(TaskCreationOptions.RunContinuationsAsynchronously));
        room.SetResult();
    }
}
