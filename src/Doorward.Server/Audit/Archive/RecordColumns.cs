using System.Text.Json;

namespace Doorward.Server.Audit.Archive;

/// <summary>What a record is searched by.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Reasons">The codes with a space before, between and after, so that one can be searched for.</param>
internal readonly record struct RecordColumns(
    long At, string Kind, string? Request = null, string? Route = null, string? Outcome = null, string? Reasons = null, string? Trace = null)
{
    public static RecordColumns Of(ChainedRecord record)
    {
        try
        {
            return Read(record);
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            // Whoever changed a segment shall not stop the drain: the record goes where audit verify will find it.
            return new(new DateTimeOffset(record.CommittedAt).ToUnixTimeMilliseconds(), "unreadable");
        }
    }

    /// <summary>Whom a part of a record names; null where it names nobody, or cannot be read.</summary>
    public static string? PersonOf(PersonalPart part)
    {
        try
        {
            return part.Text.IsEmpty ? null : ReadPerson(part);
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return null;
        }
    }

    private static bool IsUnreadable(Exception failure) => failure is JsonException or InvalidOperationException or ArgumentException;

    private static RecordColumns Read(ChainedRecord record)
    {
        var (kind, request, route, outcome, reasons, trace, at) = ("", (string?)null, (string?)null, (string?)null, (string?)null, (string?)null, record.CommittedAt);
        var body = new Utf8JsonReader(record.Body.Span);
        body.Read();
        while (body.Read() && body.TokenType == JsonTokenType.PropertyName)
        {
            if (body.ValueTextEquals("kind"u8)) kind = Text(ref body)!;
            else if (body.ValueTextEquals("request"u8)) request = Text(ref body);
            else if (body.ValueTextEquals("at"u8)) at = Instant(ref body) ?? at;
            else if (body.ValueTextEquals("trace"u8)) trace = Text(ref body);
            else if (body.ValueTextEquals("route"u8)) route = Text(ref body);
            else if (body.ValueTextEquals("outcome"u8)) outcome = Text(ref body);
            else if (body.ValueTextEquals("refusal"u8)) outcome = Text(ref body);
            else if (body.ValueTextEquals("reasons"u8)) reasons = Codes(ref body);
            else body.Skip();
        }
        return new(new DateTimeOffset(at).ToUnixTimeMilliseconds(), kind, request, route, outcome, reasons, trace);
    }

    private static string? ReadPerson(PersonalPart part)
    {
        var text = new Utf8JsonReader(part.Text.Span);
        text.Read();
        while (text.Read() && text.TokenType == JsonTokenType.PropertyName)
        {
            if (text.ValueTextEquals("person"u8)) return Text(ref text);
            text.Skip();
        }
        return null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? Storable(reader.GetString()!) : null;
    }

    /// <summary>PostgreSQL has no letter zero.</summary>
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');

    private static DateTime? Instant(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var instant) ? instant : null;
    }

    private static string? Codes(ref Utf8JsonReader reader)
    {
        var codes = "";
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String) codes += $" {Storable(reader.GetString()!)}";
        return codes.Length == 0 ? null : codes + " ";
    }
}
