using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit.Archive;

// A block, little-endian: records one after the other, each
//      0    8  sequence
//      8    8  instant of the group, 100 ns since the year 1, UTC
//     16   32  chain
//     48    4  length of the body
//     52    4  length of «who»; 0 where there is none, -1 - length of its new name where it was taken out
//     56    4  length of «other», the same way
//     60       body; who; other: salt (16) and text, or what the chain holds of it (32) and the new name

/// <summary>
/// Records of one chain that stand in one row of the store. A row and its entries in indexes for every record cost ten times the record:
/// a request leaves two.
/// </summary>
internal static class RecordBlock
{
    private const int HeaderBytes = 60;

    public static int BytesOf(in ArchivedRecord archived) =>
        (int)(HeaderBytes + archived.Record.Body.Length + BytesOf(LengthOf(archived.Record.Who, archived.WhoName)) + BytesOf(LengthOf(archived.Record.Other, archived.OtherName)));

    public static void Write(IBufferWriter<byte> block, in ArchivedRecord archived)
    {
        var record = archived.Record;
        var header = block.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header, record.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], record.Committed);
        record.Chain.CopyTo(header[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[48..], record.Body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[52..], LengthOf(record.Who, archived.WhoName));
        BinaryPrimitives.WriteInt32LittleEndian(header[56..], LengthOf(record.Other, archived.OtherName));
        block.Advance(HeaderBytes);
        block.Write(record.Body.Span);
        Write(block, record.Who, archived.WhoName);
        Write(block, record.Other, archived.OtherName);
    }

    /// <summary>The records of a block. What is not a block ends it: whatever is missing then, the chain tells.</summary>
    public static List<ArchivedRecord> Read(string node, ReadOnlyMemory<byte> block)
    {
        var (records, before) = (new List<ArchivedRecord>(), 0L);
        while (block.Length >= HeaderBytes)
        {
            var header = block.Span;
            var sequence = BinaryPrimitives.ReadInt64LittleEndian(header);
            var committed = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
            var body = BinaryPrimitives.ReadInt32LittleEndian(header[48..]);
            var (who, other) = (BinaryPrimitives.ReadInt32LittleEndian(header[52..]), BinaryPrimitives.ReadInt32LittleEndian(header[56..]));
            var length = HeaderBytes + (long)body + BytesOf(who) + BytesOf(other);
            if (sequence <= before || body < 0 || length > block.Length || committed is < 0 or > SegmentReader.LatestInstant) break;
            var (otherAt, end) = ((int)(HeaderBytes + body + BytesOf(who)), (int)length);
            var (whoPart, whoName) = Part(block[(HeaderBytes + body)..otherAt], who);
            var (otherPart, otherName) = Part(block[otherAt..end], other);
            records.Add(new(new(node, sequence, committed, block.Slice(HeaderBytes, body), whoPart, otherPart, new(header.Slice(16, Hash.Bytes))), whoName, otherName));
            (block, before) = (block[end..], sequence);
        }

        return records;
    }

    private static int LengthOf(PersonalPart part, string name) => part.Text.IsEmpty && !part.TakenOut.IsZero ? -1 - Encoding.UTF8.GetByteCount(name) : part.Text.Length;

    private static long BytesOf(int length) => length switch { 0 => 0, > 0 => SegmentFormat.SaltBytes + (long)length, _ => Hash.Bytes - 1 - (long)length };

    private static void Write(IBufferWriter<byte> block, PersonalPart part, string name)
    {
        if (!part.Text.IsEmpty)
        {
            block.Write(part.Salt.Span);
            block.Write(part.Text.Span);
        }
        else if (!part.TakenOut.IsZero)
        {
            var hash = part.TakenOut;
            block.Write((ReadOnlySpan<byte>)hash);
            Encoding.UTF8.GetBytes(name, block);
        }
    }

    private static (PersonalPart Part, string Name) Part(ReadOnlyMemory<byte> bytes, int length) => length switch
    {
        0 => (default, ""),
        > 0 => (new(bytes[SegmentFormat.SaltBytes..], bytes[..SegmentFormat.SaltBytes], default), ""),
        _ => (new(default, default, new(bytes.Span)), Encoding.UTF8.GetString(bytes.Span[Hash.Bytes..])),
    };
}
