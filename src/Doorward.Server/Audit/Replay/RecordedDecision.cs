using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Audit.Replay;

/// <summary>A decision as its record tells it.</summary>
internal sealed record RecordedDecision
{
    public required string RequestId { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Route { get; init; }

    public string? Method { get; init; }

    public string? Host { get; init; }

    public string? Path { get; init; }

    /// <summary>The policy's answer, as records spell it.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why Doorward itself refused; null where the policy's answer counted.</summary>
    public string? Refusal { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The rules that decided, as policy and line.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The policy's digest.</summary>
    public required string Policy { get; init; }

    public long Configuration { get; init; }

    public string? Person { get; init; }

    public string? Email { get; init; }

    public string? Session { get; init; }

    public string? ServiceAccount { get; init; }

    /// <summary>The device that it was judged on, also where the policy did not ask for one; null where none was known.</summary>
    public string? Device { get; init; }

    public string? Address { get; init; }

    public string? Agent { get; init; }

    /// <summary>What was known and mattered; null where nothing was, or the person was taken out.</summary>
    public Facts? Facts { get; init; }

    /// <summary>Whether the policy's answer follows from the facts alone: locks and ends are not kept with them.</summary>
    public bool IsReplayable => Facts is not null && Refusal is null && !Reasons.Contains(Reason.Locked.Code());

    /// <summary>Null where the record is no decision, or cannot be read.</summary>
    public static RecordedDecision? Of(ChainedRecord record)
    {
        try
        {
            using var body = JsonDocument.Parse(record.Body);
            using var who = record.Who.Text.IsEmpty ? null : JsonDocument.Parse(record.Who.Text);
            return Text(body.RootElement, "kind") == "decision" ? Read(body.RootElement, who?.RootElement ?? default) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    private static RecordedDecision Read(JsonElement body, JsonElement who)
    {
        var known = who.ValueKind == JsonValueKind.Object;
        return new()
        {
            RequestId = Text(body, "request")!,
            At = RecordedFacts.Instant(body, "at")!.Value,
            Route = Text(body, "route"),
            Method = Text(body, "method"),
            Host = Text(body, "host"),
            Path = Text(body, "path"),
            Outcome = Text(body, "outcome")!,
            Refusal = Text(body, "refusal"),
            Reasons = [.. body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!)],
            Rules = body.TryGetProperty("rules", out var rules) ? [.. rules.EnumerateArray().Select(rule => $"{Text(rule, "policy")}, line {rule.GetProperty("line").GetInt32()}")] : [],
            Policy = Text(body, "policy")!,
            Configuration = body.GetProperty("configuration").GetInt64(),
            Person = Text(who, "person"),
            Email = Text(who, "email"),
            Session = Text(who, "session"),
            ServiceAccount = Text(who, "service_account"),
            Device = Text(who, "device"),
            Address = Text(who, "address"),
            Agent = Text(who, "agent"),
            Facts = known && who.TryGetProperty("facts", out _) ? RecordedFacts.Read(body, who) : null,
        };
    }

    private static string? Text(JsonElement json, string name) => RecordedFacts.Text(json, name);
}
