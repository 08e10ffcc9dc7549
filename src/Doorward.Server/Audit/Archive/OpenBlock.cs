using System.Buffers;

namespace Doorward.Server.Audit.Archive;

/// <summary>A block while it is filled: what becomes its row.</summary>
internal sealed class OpenBlock
{
    /// <summary>Records in a block: of so many one is found fast, and a row costs each of them next to nothing.</summary>
    private const int MostRecords = 512;

    private const int MostBytes = 512 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public long Count { get; private set; }

    /// <summary>The sequence of the first record.</summary>
    public long First { get; private set; }

    /// <summary>The earliest and the latest instant of a record, in Unix milliseconds.</summary>
    public long From { get; private set; } = long.MaxValue;

    public long To { get; private set; } = long.MinValue;

    public BlockFilter Filter { get; } = new();

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>The last record; there is one in every block that is written.</summary>
    public ChainedRecord Last { get; private set; } = null!;

    public bool IsFull => Count >= MostRecords || _bytes.WrittenCount >= MostBytes;

    /// <summary>All records of one chain, in their order, in as few blocks as may be.</summary>
    public static IReadOnlyList<OpenBlock> Of(IEnumerable<ArchivedRecord> records)
    {
        var blocks = new List<OpenBlock>();
        foreach (var record in records)
        {
            if (blocks is [] || blocks[^1].IsFull) blocks.Add(new());
            blocks[^1].Add(record);
        }

        return blocks;
    }

    /// <summary>A block of these records and no others, however large.</summary>
    public static OpenBlock Again(IEnumerable<ArchivedRecord> records)
    {
        var block = new OpenBlock();
        foreach (var record in records) block.Add(record);
        return block;
    }

    /// <summary>
    /// Whether a block that stands last in the store is to be taken out, and to begin this one. A quiet node drains two or three records
    /// at once: blocks double, so that each record is written again but a few times, and few blocks stay small.
    /// </summary>
    public static bool Absorbs(long records, long earlier) => earlier <= 2 * records && earlier + records <= MostRecords;

    private void Add(in ArchivedRecord archived)
    {
        RecordBlock.Write(_bytes, archived);
        var at = Filter.Add(archived);
        (From, To, Last) = (Math.Min(From, at), Math.Max(To, at), archived.Record);
        if (Count++ == 0) First = archived.Record.Sequence;
    }
}
