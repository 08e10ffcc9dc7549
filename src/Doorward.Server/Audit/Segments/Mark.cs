using System.Buffers.Binary;

namespace Doorward.Server.Audit.Segments;

/// <summary>Where the chain stands before a position of a segment.</summary>
internal readonly record struct Mark(long Position, ChainHead Head)
{
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Head.Sequence);
        Head.Hash.CopyTo(bytes[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], SegmentFormat.Checksum(bytes[..48]));
    }

    /// <summary>Reads a mark; null where none was written, or it is torn.</summary>
    public static Mark? Read(ReadOnlySpan<byte> bytes)
    {
        var position = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (position < SegmentFormat.HeaderBytes || position % SegmentFormat.Alignment != 0) return null;
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]) != SegmentFormat.Checksum(bytes[..48])) return null;
        return new(position, new(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), new(bytes[16..])));
    }
}
