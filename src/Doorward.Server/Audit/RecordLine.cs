using System.Buffers;
using System.Globalization;
using System.Text;

namespace Doorward.Server.Audit;

/// <summary>
/// A record as one JSON line, as sinks, extracts and <c>audit verify</c> know it: its place in the chain, and its parts byte for byte
/// as they were hashed.
/// </summary>
internal static class RecordLine
{
    public static byte[] Of(ChainedRecord record)
    {
        var line = new ArrayBufferWriter<byte>(512 + record.Body.Length + record.Who.Text.Length + record.Other.Text.Length);
        Write(line, record);
        return line.WrittenSpan.ToArray();
    }

    public static void Write(IBufferWriter<byte> lines, ChainedRecord record)
    {
        Write(lines, $$"""{"node":"{{record.Node}}","sequence":{{record.Sequence.ToString(CultureInfo.InvariantCulture)}},"committed":"{{record.CommittedAt:O}}","record":""");
        lines.Write(record.Body.Span);
        Write(lines, "who", record.Who);
        Write(lines, "other", record.Other);
        Write(lines, $$""","chain":"{{record.Chain}}"}{{'\n'}}""");
    }

    private static void Write(IBufferWriter<byte> lines, string name, PersonalPart part)
    {
        if (!part.Text.IsEmpty)
        {
            Write(lines, $",\"{name}\":");
            lines.Write(part.Text.Span);
            Write(lines, $",\"{name}_salt\":\"{Convert.ToHexStringLower(part.Salt.Span)}\"");
        }
        else if (!part.TakenOut.IsZero) Write(lines, $",\"{name}_taken_out\":\"{part.TakenOut}\"");
    }

    private static void Write(IBufferWriter<byte> lines, string text) => Encoding.UTF8.GetBytes(text, lines);
}
