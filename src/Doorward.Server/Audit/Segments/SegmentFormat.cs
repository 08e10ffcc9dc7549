using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Doorward.Server.Audit.Segments;

// A segment file, little-endian, written full of zeros when it is made:
//
//      0  header, 4096 bytes
//             0    8  «DWAUDIT1»
//             8    8  number; higher is later
//            16   64  node: the chain's name, UTF-8, zeros behind
//            80    8  number of the segment that this one goes on from; 0: the one before. Those between are void
//            88    8  where that segment ends, because its disk failed there; 0: wherever its entries end
//            96    8  checksum of the bytes 0 to 95
//           512   56  mark before the first entry; zeros until known
//          1024   56  mark: everything before it is chained and on the disk
//          2048   56  the same, written in turns, so that a torn one leaves the other
//         A mark is position (8), sequence (8), chain (32), checksum of these (8)
//   4096  entries, each at a multiple of 16
//             0    4  length with this header, without the padding behind; written first
//             4    4  checksum of the bytes 8 to 23 and of the text, never 0; written last
//             8    4  length of the body
//            12    4  length of «who»
//            16    4  length of «other»
//            20    4  zeros
//            24    8  sequence, from 1; written last of all that the committer writes; 0: not yet chained
//            32    8  instant of the group, 100 ns since the year 1, UTC
//            40   16  salt of «who»
//            56   16  salt of «other»
//            72   32  chain
//           104       body, who, other: JSON texts
//
// Text never holds a zero byte, and every entry's header does: nothing that a client sends can look like an entry.
internal static class SegmentFormat
{
    public const int HeaderBytes = 4096;
    public const int Alignment = 16;
    public const int EntryHeaderBytes = 104;
    public const int LargestEntry = EntryHeaderBytes + RecordText.Largest;

    public const int NumberAt = 8;
    public const int NodeAt = 16;
    public const int NodeBytes = 64;
    public const int PreviousNumberAt = 80;
    public const int PreviousEndAt = 88;
    public const int HeaderChecksumAt = 96;
    public const int FirstMarkAt = 512;
    public const int MarkAt = 1024;
    public const int MarkBytes = 56;

    public const int ChecksumAt = 4;
    public const int LengthsAt = 8;
    public const int SequenceAt = 24;
    public const int CommittedAt = 32;
    public const int WhoSaltAt = 40;
    public const int OtherSaltAt = 56;
    public const int SaltBytes = 16;
    public const int ChainAt = 72;

    public static ReadOnlySpan<byte> Magic => "DWAUDIT1"u8;

    public static long Padded(long length) => (length + Alignment - 1) & -Alignment;

    /// <summary>CRC-32C, by the processor's instruction; a zero becomes a one, because zero means «not yet».</summary>
    public static uint Checksum(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> text)
    {
        var sum = Sum(Sum(uint.MaxValue, lengths), text);
        return sum == 0 ? 1 : sum;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes) => Checksum(bytes, default);

    /// <summary>Whether an entry with a right checksum begins here, and how long it is.</summary>
    public static bool IsEntry(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < EntryHeaderBytes) return false;
        var claimed = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (claimed < EntryHeaderBytes || claimed > Math.Min(bytes.Length, LargestEntry)) return false;
        var lengths = MemoryMarshal.Cast<byte, int>(bytes[LengthsAt..SequenceAt]);
        if (lengths[0] < 0 || lengths[1] < 0 || lengths[2] < 0 || lengths[3] != 0) return false;
        if ((long)lengths[0] + lengths[1] + lengths[2] + EntryHeaderBytes != claimed) return false;
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]);
        if (checksum != Checksum(bytes[LengthsAt..SequenceAt], bytes[EntryHeaderBytes..claimed])) return false;
        length = claimed;
        return true;
    }

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) sum = BitOperations.Crc32C(sum, word);
        for (var i = bytes.Length & ~7; i < bytes.Length; i++) sum = BitOperations.Crc32C(sum, bytes[i]);
        return sum;
    }
}
