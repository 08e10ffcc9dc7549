using System.Globalization;
using System.Text;
using Doorward.Server.Audit.Archive;

namespace Doorward.Server.Audit.Sinks;

/// <summary>
/// A record as a syslog message (RFC 5424) in its frame (RFC 5425 section 4.3: the length, a space, the message). The message's text
/// is the JSON line, without a byte order mark, which receivers that read JSON do not expect.
/// </summary>
internal static class SyslogMessage
{
    /// <summary>«log audit».</summary>
    private const int Facility = 13;

    private const int Notice = 5, Informational = 6;

    public static byte[] Of(ChainedRecord record)
    {
        var columns = RecordColumns.Of(record);
        var severity = columns is { Kind: "decision", Outcome: not "allow" } ? Notice : Informational;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(columns.At).UtcDateTime;
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + severity}>1 {at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {record.Node} {Product.Name.ToLowerInvariant()} {Environment.ProcessId} {columns.Kind} - "));
        var line = RecordLine.Of(record).AsSpan()[..^1];
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Length + line.Length} ")), .. head, .. line];
    }
}
