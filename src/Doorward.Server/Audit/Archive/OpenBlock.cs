using System.Buffers;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Archive;

/// <summary>Records of one chain on their way into one row.</summary>
internal sealed class OpenBlock
{
    /// <summary>Records in a block: of so many one is found fast, and a row costs each of them next to nothing.</summary>
    private const int MostRecords = 512;

    private const int MostBytes = 512 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly BlockFilter _filter = new();

    /// <param name="records">One or more, in their order.</param>
    public OpenBlock(IReadOnlyList<ArchivedRecord> records)
    {
        // Sized beforehand: what grows leaves large objects behind.
        _bytes = new(records.Sum(record => RecordBlock.BytesOf(record)));
        foreach (var record in records)
        {
            RecordBlock.Write(_bytes, record);
            var at = _filter.Add(record);
            (From, To) = (Math.Min(From, at), Math.Max(To, at));
        }

        (Count, First, Last, Chain) = (records.Count, records[0].Record.Sequence, records[^1].Record.Sequence, records[^1].Record.Chain);
    }

    public long Count { get; }

    /// <summary>The sequence of the first record.</summary>
    public long First { get; }

    /// <summary>The sequence of the last record.</summary>
    public long Last { get; }

    /// <summary>The chain's head behind the last record.</summary>
    public Hash Chain { get; }

    /// <summary>The earliest and the latest instant of a record, in Unix milliseconds.</summary>
    public long From { get; } = long.MaxValue;

    public long To { get; } = long.MinValue;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public byte[] Filter => _filter.ToArray();

    /// <summary>All these records, in as few blocks as may be.</summary>
    public static IEnumerable<OpenBlock> Of(IEnumerable<ArchivedRecord> records)
    {
        var (next, bytes) = (new List<ArchivedRecord>(), 0);
        foreach (var record in records)
        {
            next.Add(record);
            bytes += RecordBlock.BytesOf(record);
            if (next.Count < MostRecords && bytes < MostBytes) continue;
            yield return new(next);
            (next, bytes) = ([], 0);
        }

        if (next.Count > 0) yield return new(next);
    }

    /// <summary>
    /// Whether a block that stands last in the store is to be taken out, and to begin the next one. A quiet node drains two or three records
    /// at once: blocks double, so that each record is written again but a few times, and few blocks stay small.
    /// </summary>
    /// <param name="records">What follows.</param>
    /// <param name="earlier">Records in the block.</param>
    /// <param name="bytes">Its bytes.</param>
    public static bool Absorbs(IReadOnlyList<ArchivedRecord> records, long earlier, long bytes) =>
        earlier <= 2 * records.Count && earlier + records.Count <= MostRecords && bytes + records.Sum(record => (long)RecordBlock.BytesOf(record)) <= MostBytes;
}
