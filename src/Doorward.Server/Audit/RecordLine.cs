using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Audit;

/// <summary>
/// A record as one JSON line, as sinks, extracts and <c>audit verify</c> know it: its place in the chain, and its parts byte for byte
/// as they were hashed.
/// </summary>
internal static class RecordLine
{
    /// <summary>Room for a line's beginning, the node's name apart.</summary>
    private const int HeadBytes = 128;

    public static byte[] Of(ChainedRecord record)
    {
        var line = new ArrayBufferWriter<byte>(512 + record.Body.Length + record.Who.Text.Length + record.Other.Text.Length);
        Write(line, record);
        return line.WrittenSpan.ToArray();
    }

    // Straight into the buffer: each request leaves two lines, and a string for every piece of them would cost more than the pieces.
    public static void Write(IBufferWriter<byte> lines, ChainedRecord record)
    {
        var head = lines.GetSpan(HeadBytes + (3 * record.Node.Length));
        Utf8.TryWrite(head, CultureInfo.InvariantCulture, $$"""{"node":"{{record.Node}}","sequence":{{record.Sequence}},"committed":"{{record.CommittedAt:O}}","record":""", out var written);
        lines.Advance(written);
        lines.Write(record.Body.Span);
        Write(lines, ",\"who"u8, record.Who);
        Write(lines, ",\"other"u8, record.Other);
        lines.Write(",\"chain\":"u8);
        WriteHex(lines, record.Chain);
        lines.Write("}\n"u8);
    }

    private static void Write(IBufferWriter<byte> lines, ReadOnlySpan<byte> name, PersonalPart part)
    {
        if (!part.Text.IsEmpty)
        {
            lines.Write(name);
            lines.Write("\":"u8);
            lines.Write(part.Text.Span);
            lines.Write(name);
            lines.Write("_salt\":"u8);
            WriteHex(lines, part.Salt.Span);
        }
        else if (!part.TakenOut.IsZero)
        {
            lines.Write(name);
            lines.Write("_taken_out\":"u8);
            WriteHex(lines, part.TakenOut);
        }
    }

    private static void WriteHex(IBufferWriter<byte> lines, Hash hash) => WriteHex(lines, (ReadOnlySpan<byte>)hash);

    private static void WriteHex(IBufferWriter<byte> lines, ReadOnlySpan<byte> bytes)
    {
        lines.Write("\""u8);
        Convert.TryToHexStringLower(bytes, lines.GetSpan(bytes.Length * 2), out var written);
        lines.Advance(written);
        lines.Write("\""u8);
    }
}
