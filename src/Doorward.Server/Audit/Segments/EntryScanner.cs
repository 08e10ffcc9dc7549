using System.Buffers.Binary;

namespace Doorward.Server.Audit.Segments;

/// <summary>A stretch of a segment that is neither zeros nor an entry: what a crash left of a record that was being written, or damage.</summary>
internal readonly record struct Hole(long Position, long Length);

/// <summary>
/// Finds the entries of a segment one after the other, whatever lies between them. Never throws on any bytes.
/// </summary>
internal ref struct EntryScanner(ReadOnlySpan<byte> segment, long from)
{
    private readonly ReadOnlySpan<byte> _segment = segment;
    private int _next = (int)Math.Min(from, segment.Length);

    /// <summary>Where the entry found begins.</summary>
    public int Position { get; private set; }

    /// <summary>Where the entry found ends, padding included.</summary>
    public readonly int End => _next;

    public readonly Entry Entry => new(_segment[Position.._next]);

    /// <summary>What was skipped before the entry found, or before the end; null for nothing.</summary>
    public Hole? Skipped { get; private set; }

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        Skipped = null;
        var start = _next;
        for (var at = start; at + SegmentFormat.EntryHeaderBytes <= _segment.Length; at += SegmentFormat.Alignment)
        {
            if (IsZero(at))
            {
                var zeros = _segment[at..].IndexOfAnyExcept((byte)0);
                if (zeros < 0) break;
                // The loop adds the last step.
                at += (zeros & -SegmentFormat.Alignment) - SegmentFormat.Alignment;
            }
            else if (SegmentFormat.IsEntry(_segment[at..], out var length))
            {
                Found(start, at, length);
                return true;
            }
        }
        Skip(start, _segment.Length);
        _next = _segment.Length;
        return false;
    }

    private readonly bool IsZero(int at) => BinaryPrimitives.ReadInt64LittleEndian(_segment[at..]) == 0 && BinaryPrimitives.ReadInt64LittleEndian(_segment[(at + 8)..]) == 0;

    private void Found(int start, int at, int length)
    {
        Skip(start, at);
        Position = at;
        _next = (int)Math.Min(SegmentFormat.Padded(at + length), _segment.Length);
    }

    private void Skip(int from, int to)
    {
        var skipped = _segment[from..to];
        var first = skipped.IndexOfAnyExcept((byte)0);
        if (first >= 0) Skipped = new(from, skipped.LastIndexOfAnyExcept((byte)0) + 1);
        // An entry that was reserved, and of which nothing was written before the crash, leaves zeros in the middle.
        else if (to < _segment.Length && to > from) Skipped = new(from, to - from);
    }
}
