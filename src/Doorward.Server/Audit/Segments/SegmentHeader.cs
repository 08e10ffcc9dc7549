using System.Buffers.Binary;
using System.Text;

namespace Doorward.Server.Audit.Segments;

/// <summary>What the first page of a segment says.</summary>
/// <param name="Number">From 1; higher is later.</param>
/// <param name="Node">The name of the chain.</param>
/// <param name="PreviousNumber">The segment that it goes on from; 0: the one before.</param>
/// <param name="PreviousEnd">Where that one ends; 0: wherever its entries end.</param>
/// <param name="First">Where the chain stood before its first entry; null where that was not yet known.</param>
/// <param name="Durable">The last mark; null where none was set.</param>
internal sealed record SegmentHeader(long Number, string Node, long PreviousNumber, long PreviousEnd, Mark? First, Mark? Durable)
{
    /// <summary>Reads a file's header; null where there is none, it is damaged, or the file was removed meanwhile.</summary>
    public static SegmentHeader? ReadFile(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[SegmentFormat.HeaderBytes];
            return RandomAccess.Read(file, bytes, 0) < bytes.Length ? null : Read(bytes);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a header; null where there is none, or it is damaged.</summary>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SegmentFormat.HeaderBytes || !bytes.StartsWith(SegmentFormat.Magic)) return null;
        var checksum = SegmentFormat.Checksum(bytes[..SegmentFormat.HeaderChecksumAt]);
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[SegmentFormat.HeaderChecksumAt..]) != checksum) return null;
        var node = bytes.Slice(SegmentFormat.NodeAt, SegmentFormat.NodeBytes);
        var (first, second) = (Mark.Read(bytes[SegmentFormat.MarkAt..]), Mark.Read(bytes[(SegmentFormat.MarkAt * 2)..]));
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SegmentFormat.NumberAt..]),
            Encoding.UTF8.GetString(node.TrimEnd((byte)0)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SegmentFormat.PreviousNumberAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[SegmentFormat.PreviousEndAt..]),
            Mark.Read(bytes[SegmentFormat.FirstMarkAt..]),
            first is null || second?.Position > first.Value.Position ? second : first);
    }
}
