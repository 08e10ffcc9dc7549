using System.Text.Json;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Replay;

namespace Doorward.Commands.Auditing;

/// <summary>What a record that is no decision tells, in a few words.</summary>
internal static class EventText
{
    public static string Of(ChainedRecord record)
    {
        try
        {
            using var body = JsonDocument.Parse(record.Body);
            var root = body.RootElement;
            if (RecordedFacts.Text(root, "kind") == "end") return $"status {root.GetProperty("status").GetInt32()}, {root.GetProperty("sent").GetInt64()} bytes, ended by {RecordedFacts.Text(root, "ended_by")}{(RecordedFacts.Text(root, "cause") is { } cause ? $" ({cause})" : "")}";
            var failed = root.TryGetProperty("succeeded", out var succeeded) && succeeded.ValueKind == JsonValueKind.False ? " (failed)" : "";
            return $"{RecordedFacts.Text(root, "act")}{failed}";
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return "unreadable";
        }
    }
}
