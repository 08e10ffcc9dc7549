using System.Globalization;
using System.Net;
using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Audit.Replay;

/// <summary>Reads facts as <see cref="FactsText"/> wrote them, with what the record says elsewhere, so that the decision can be taken again.</summary>
internal static class RecordedFacts
{
    public static Facts Read(JsonElement body, JsonElement who)
    {
        var facts = who.GetProperty("facts");
        var request = Member(facts, "request");
        return new()
        {
            Now = Instant(facts, "now") ?? default,
            Route = Text(body, "route"),
            Session = Member(facts, "session") is { } session ? Session(session, who) : null,
            Person = Member(facts, "person") is { } person ? Person(person, who) : null,
            Device = Member(facts, "device") is { } device ? Device(device) : null,
            Request = new()
            {
                Method = Text(body, "method") ?? "",
                Host = Text(body, "host") ?? "",
                Path = Text(body, "path") ?? "",
                Header = Lookup(request, "headers", StringComparison.OrdinalIgnoreCase),
                Query = Lookup(request, "query", StringComparison.Ordinal),
            },
            SourceIp = Text(who, "address") is { } address ? IPAddress.Parse(address) : null,
            Certificate = Member(facts, "client_certificate") is { } certificate ? Certificate(certificate) : null,
            Kubernetes = Member(body, "kubernetes") is { } kubernetes
                ? new(Text(kubernetes, "verb") ?? "", Text(kubernetes, "group") ?? "", Text(kubernetes, "resource") ?? "", Text(kubernetes, "subresource") ?? "", Text(kubernetes, "namespace") ?? "", Text(kubernetes, "name") ?? "")
                : null,
            Risk = Member(facts, "risk") is { } risk ? new(Level(risk, "person"), Level(risk, "session"), Level(risk, "device")) : null,
            Records = Member(facts, "records") is { } records ? records.EnumerateObject().ToDictionary(record => record.Name, record => Values(record.Value)) : null,
            Mcp = Member(facts, "mcp") is { } mcp ? new(Text(mcp, "method"), Text(mcp, "tool")) : null,
            // Which lock it was is not kept. Whatever it was on, it matched: as one on the route does.
            Locks = Text(body, "route") is { } route && Texts(body, "reasons")?.Contains(Reason.Locked.Code()) == true ? new LockSet([new(LockKind.Route, route)]) : LockSet.None,
            Ssh = Member(facts, "ssh") is { } ssh ? new(Text(ssh, "username"), Text(ssh, "publickey"), Text(ssh, "ca"), Texts(ssh, "principals")) : null,
        };
    }

    public static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static DateTimeOffset? Instant(JsonElement json, string name) =>
        Text(json, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    private static SessionFacts Session(JsonElement session, JsonElement who) => new()
    {
        Id = Text(who, "session") ?? "",
        AuthTime = Instant(session, "auth_time"),
        Expires = Instant(session, "expires"),
        Provider = Text(session, "provider"),
        Acr = Text(session, "acr"),
        Amr = Texts(session, "amr"),
        Claims = Values(Member(session, "claims")),
        Failed = (Remedies)(Member(session, "failed")?.GetInt32() ?? 0),
    };

    private static PersonFacts Person(JsonElement person, JsonElement who) => new()
    {
        Id = Text(who, "person") ?? "",
        Email = Text(who, "email"),
        EmailVerified = Flag(person, "email_verified") ?? false,
        Active = Flag(person, "active") ?? true,
        EndDate = Instant(person, "end_date"),
        Groups = Member(person, "groups") is { } groups ? [.. groups.EnumerateArray().Select(group => new GroupFact(Text(group, "id") ?? "", Text(group, "name"), Text(group, "email")))] : null,
        OnlyGroupsThatMatter = true,
        Attributes = Values(Member(person, "attributes")),
    };

    private static DeviceFacts Device(JsonElement device) => new()
    {
        Id = Text(device, "id") ?? "",
        Compliant = Flag(device, "compliant"),
        Approved = Flag(device, "approved"),
        Types = Texts(device, "types") ?? [],
        Attributes = Values(Member(device, "attributes")),
    };

    private static CertificateFacts Certificate(JsonElement certificate) => new()
    {
        Valid = Flag(certificate, "valid") ?? false,
        Fingerprint = Text(certificate, "fingerprint") ?? "",
        SpkiHash = Text(certificate, "spki_hash"),
        SanEmail = Texts(certificate, "san_email") ?? [],
        SanDns = Texts(certificate, "san_dns") ?? [],
        SanUri = Texts(certificate, "san_uri") ?? [],
    };

    private static Func<string, IReadOnlyList<string>> Lookup(JsonElement? request, string name, StringComparison comparison)
    {
        var values = request is { } there && Member(there, name) is { } found ? found.EnumerateObject().Select(one => (one.Name, Values: TextsOf(one.Value))).ToList() : [];
        return key => values.FirstOrDefault(one => string.Equals(one.Name, key, comparison)).Values ?? [];
    }

    private static RiskLevel? Level(JsonElement risk, string name) => Text(risk, name) switch { "low" => RiskLevel.Low, "medium" => RiskLevel.Medium, "high" => RiskLevel.High, _ => null };

    private static bool? Flag(JsonElement json, string name) => Member(json, name)?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static List<string>? Texts(JsonElement json, string name) => Member(json, name) is { } texts ? TextsOf(texts) : null;

    private static List<string> TextsOf(JsonElement texts) => [.. texts.EnumerateArray().Select(text => text.GetString()!)];

    private static IReadOnlyDictionary<string, FactValue> Values(JsonElement? json) => json is not { } values
        ? FactValue.NoFields
        : values.EnumerateObject().Where(value => value.Value.ValueKind != JsonValueKind.Null).ToDictionary(value => value.Name, value => Value(value.Value), StringComparer.Ordinal);

    private static FactValue Value(JsonElement json) => new(json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.Array => TextsOf(json),
        _ => Instant(json, "instant")!.Value,
    });

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
