using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Doorward.Server.Audit.Archive;

namespace Doorward.Server.Audit.Sinks;

/// <summary>Records as an <c>ExportLogsServiceRequest</c> in OTLP's JSON: 64-bit numbers are texts there.</summary>
internal static class OtlpLogs
{
    private const int Info = 9, Info2 = 10;

    // Not for pages: letters stay as they are.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(IReadOnlyList<ChainedRecord> records)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, _options))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceLogs");
            // The drain goes from one chain to the next, so that there is one as a rule.
            foreach (var chain in records.GroupBy(record => record.Node)) Write(json, chain.Key, chain);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string node, IEnumerable<ChainedRecord> records)
    {
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Attribute(json, "service.name", Product.Name.ToLowerInvariant());
        Attribute(json, "service.instance.id", node);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeLogs");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "doorward.audit");
        json.WriteString("version", "1");
        json.WriteEndObject();
        json.WriteStartArray("logRecords");
        foreach (var record in records) Write(json, record);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChainedRecord record)
    {
        var columns = RecordColumns.Of(record);
        var refused = columns is { Kind: "decision", Outcome: not "allow" };
        json.WriteStartObject();
        json.WriteString("timeUnixNano", $"{columns.At}000000");
        json.WriteString("observedTimeUnixNano", $"{(record.Committed - DateTime.UnixEpoch.Ticks) * 100}");
        json.WriteNumber("severityNumber", refused ? Info2 : Info);
        json.WriteString("severityText", "INFO");
        json.WriteString("eventName", $"doorward.audit.{columns.Kind}");
        json.WriteStartObject("body");
        json.WriteString("stringValue", RecordLine.Of(record).AsSpan()[..^1]);
        json.WriteEndObject();
        json.WriteStartArray("attributes");
        Attribute(json, "doorward.audit.node", record.Node);
        Attribute(json, "doorward.audit.sequence", record.Sequence.ToString(CultureInfo.InvariantCulture));
        Attribute(json, "doorward.request", columns.Request);
        Attribute(json, "doorward.route", columns.Route);
        Attribute(json, "doorward.outcome", columns.Outcome);
        Attribute(json, "doorward.reasons", columns.Reasons?.Trim());
        Attribute(json, "enduser.id", RecordColumns.PersonOf(record.Who));
        json.WriteEndArray();
        if (columns.Trace is { Length: 32 } trace) json.WriteString("traceId", trace);
        json.WriteEndObject();
    }

    private static void Attribute(Utf8JsonWriter json, string key, string? value)
    {
        if (value is null) return;
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        json.WriteString("stringValue", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
