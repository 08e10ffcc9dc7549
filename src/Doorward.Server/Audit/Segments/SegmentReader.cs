using System.Numerics;

namespace Doorward.Server.Audit.Segments;

/// <summary>
/// Reads the chained records of a folder in order, beside the process that writes them or without it, from a sequence on. Reads
/// files, not the writer's memory.
/// </summary>
internal sealed class SegmentReader(string folder)
{
    /// <summary>Bytes read at once: some five thousand records.</summary>
    private const int ChunkBytes = 4 * 1024 * 1024;

    /// <summary>Of <see cref="DateTime"/>, in its ticks.</summary>
    public const long LatestInstant = 3_155_378_975_999_999_999;

    // Kept: a new one for each chunk would be a large object, and large objects make the collector go through everything.
    private byte[] _chunk = [];
    private long _segment;
    private long _position;
    private string _node = "";

    /// <summary>Stretches skipped so far, which hold no record.</summary>
    public List<string> Holes { get; } = [];

    /// <summary>Goes to the oldest segment left.</summary>
    public void GoToStart() => (_segment, _position) = (SegmentFiles.In(folder) is [var first, ..] ? first.Number : 0, SegmentFormat.HeaderBytes);

    /// <summary>Goes to the segment in which the record behind this position lies, or to the oldest one left.</summary>
    public void GoBehind(ChainPosition position)
    {
        GoToStart();
        foreach (var (number, path) in SegmentFiles.In(folder))
            if (SegmentHeader.ReadFile(path) is { } header && header.Node == position.Node && header.First?.Head.Sequence <= position.Sequence) _segment = number;
    }

    /// <summary>
    /// The next records, up to the durable end; up to the last chained one for null. They lie in the reader's buffer: the next call
    /// writes others over them.
    /// </summary>
    /// <returns>None where there are no more now.</returns>
    public IReadOnlyList<ChainedRecord> Read(DurableEnd? end)
    {
        while (true)
        {
            var limit = end?.Segment == _segment ? end.Mark.Position : long.MaxValue;
            if (end is not null && _segment > end.Segment) return [];
            var records = ReadChunk(limit, out var done);
            if (records.Count > 0) return records;
            if (!done) continue;
            if (end?.Segment == _segment || !GoToNext()) return [];
        }
    }

    private bool GoToNext()
    {
        foreach (var (number, path) in SegmentFiles.In(folder))
        {
            if (number <= _segment || SegmentHeader.ReadFile(path) is not { } header) continue;
            // One that goes on from an earlier one makes those between void; they may be there still.
            if (header.PreviousNumber > 0 && header.PreviousNumber < _segment) continue;
            (_segment, _position) = (number, SegmentFormat.HeaderBytes);
            return true;
        }
        return false;
    }

    private List<ChainedRecord> ReadChunk(long limit, out bool done)
    {
        done = true;
        var records = new List<ChainedRecord>();
        var path = SegmentFiles.PathOf(folder, _segment);
        if (!File.Exists(path) || SegmentHeader.ReadFile(path) is not { } header) return records;
        _node = header.Node;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        limit = Math.Min(limit, Math.Min(RandomAccess.GetLength(file), EndToldByNext()));
        if (_position >= limit) return records;
        var size = (int)Math.Min(limit - _position, ChunkBytes);
        if (_chunk.Length < size) _chunk = new byte[Math.Min(ChunkBytes, (int)BitOperations.RoundUpToPowerOf2((uint)size))];
        var read = RandomAccess.Read(file, _chunk.AsSpan(0, size), _position);
        done = _position + read >= limit;
        // What begins near the end of a chunk may not end in it; the next chunk begins there.
        var last = done ? read : read - SegmentFormat.LargestEntry;
        var scanner = new EntryScanner(_chunk.AsSpan(0, read), 0);
        var next = last;
        while (scanner.Next())
        {
            if (scanner.Position >= last)
            {
                next = scanner.Position;
                break;
            }
            Report(path, scanner.Skipped);
            var entry = scanner.Entry;
            if (entry is { Sequence: > 0, Committed: >= 0 and <= LatestInstant }) records.Add(Record(entry, _chunk.AsMemory(scanner.Position)));
            // No instant at all: the disk or somebody else changed it. It is missing from the chain then, and nobody stumbles over it.
            else if (entry.Sequence != 0) Report(path, new(scanner.Position, scanner.End - scanner.Position));
            next = Math.Max(scanner.End, last);
        }
        if (done) Report(path, scanner.Skipped);
        _position += done ? read : next & -SegmentFormat.Alignment;
        return records;
    }

    /// <summary>Where the next segment says that this one was given up.</summary>
    private long EndToldByNext()
    {
        foreach (var (number, path) in SegmentFiles.In(folder))
            if (number > _segment && SegmentHeader.ReadFile(path) is { PreviousEnd: > 0 } header && header.PreviousNumber == _segment) return header.PreviousEnd;
        return long.MaxValue;
    }

    private ChainedRecord Record(Entry entry, ReadOnlyMemory<byte> bytes)
    {
        var (lengths, text) = (entry.Lengths, bytes[SegmentFormat.EntryHeaderBytes..]);
        var salts = bytes.Slice(SegmentFormat.WhoSaltAt, SegmentFormat.SaltBytes * 2);
        return new(
            _node, entry.Sequence, entry.Committed, text[..lengths.Body],
            Part(text.Slice(lengths.Body, lengths.Who), salts[..SegmentFormat.SaltBytes]),
            Part(text.Slice(lengths.Body + lengths.Who, lengths.Other), salts[SegmentFormat.SaltBytes..]),
            entry.Chain);
    }

    private static PersonalPart Part(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> salt) => text.IsEmpty ? default : new(text, salt, default);

    private void Report(string path, Hole? hole)
    {
        if (hole is { } found) Holes.Add($"{Path.GetFileName(path)}: {found.Length} bytes at {found.Position + _position}");
    }
}
