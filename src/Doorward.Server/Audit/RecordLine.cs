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
        var line = new MemoryStream(512 + record.Body.Length + record.Who.Text.Length + record.Other.Text.Length);
        Write(line, $$"""{"node":"{{record.Node}}","sequence":{{record.Sequence.ToString(CultureInfo.InvariantCulture)}},"committed":"{{record.CommittedAt:O}}","record":""");
        line.Write(record.Body.Span);
        Write(line, "who", record.Who);
        Write(line, "other", record.Other);
        Write(line, $$""","chain":"{{record.Chain}}"}""");
        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    private static void Write(MemoryStream line, string name, PersonalPart part)
    {
        if (!part.Text.IsEmpty)
        {
            Write(line, $",\"{name}\":");
            line.Write(part.Text.Span);
            Write(line, $",\"{name}_salt\":\"{Convert.ToHexStringLower(part.Salt.Span)}\"");
        }
        else if (!part.TakenOut.IsZero) Write(line, $",\"{name}_taken_out\":\"{part.TakenOut}\"");
    }

    private static void Write(MemoryStream line, string text) => line.Write(Encoding.UTF8.GetBytes(text));
}
