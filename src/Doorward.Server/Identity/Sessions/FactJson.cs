using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Policy;

namespace Doorward.Server.Identity.Sessions;

/// <summary>Facts about people and sessions as the store keeps them: JSON, with an instant as <c>{"at": "..."}</c>.</summary>
internal static class FactJson
{
    public static string Write(IReadOnlyDictionary<string, FactValue> fields) => Object(fields).ToJsonString();

    public static IReadOnlyDictionary<string, FactValue> ReadFields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Fields(document.RootElement);
    }

    public static string WriteValue(FactValue fact) => Value(fact)?.ToJsonString() ?? "null";

    public static FactValue ReadValue(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Fact(document.RootElement);
    }

    public static string? Write(IReadOnlyList<GroupFact>? groups) =>
        groups is null ? null : new JsonArray([.. groups.Select(group => (JsonNode)new JsonArray(group.Id, group.Name, group.Email))]).ToJsonString();

    public static IReadOnlyList<GroupFact>? ReadGroups(string? json)
    {
        if (json is null) return null;
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(group => new GroupFact(group[0].GetString()!, group[1].GetString(), group[2].GetString()))];
    }

    public static string Write(SessionFacts facts)
    {
        var json = new JsonObject
        {
            ["auth_time"] = facts.AuthTime?.ToUnixTimeMilliseconds(),
            ["acr"] = facts.Acr,
            ["amr"] = facts.Amr is { } amr ? Texts(amr) : null,
            ["provider"] = facts.Provider,
            ["failed"] = (int)facts.Failed,
            ["claims"] = Object(facts.Claims),
        };
        return json.ToJsonString();
    }

    public static SessionFacts ReadSession(string id, DateTimeOffset expires, string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new SessionFacts
        {
            Id = id,
            Expires = expires,
            AuthTime = root.GetProperty("auth_time") is { ValueKind: JsonValueKind.Number } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetInt64()) : null,
            Acr = root.GetProperty("acr").GetString(),
            Amr = root.GetProperty("amr") is { ValueKind: JsonValueKind.Array } amr ? [.. amr.EnumerateArray().Select(method => method.GetString()!)] : null,
            Provider = root.GetProperty("provider").GetString(),
            Failed = (Remedies)root.GetProperty("failed").GetInt32(),
            Claims = Fields(root.GetProperty("claims")),
        };
    }

    /// <summary>The same, with other claims.</summary>
    public static SessionFacts With(this SessionFacts facts, IReadOnlyDictionary<string, FactValue> claims) => facts.With(facts.Acr, facts.Amr, claims);

    /// <summary>The same, with another strength of the sign-in; null for what is not known of it.</summary>
    public static SessionFacts WithStrength(this SessionFacts facts, string? acr, IReadOnlyList<string>? amr) => facts.With(acr, amr, facts.Claims);

    private static SessionFacts With(this SessionFacts facts, string? acr, IReadOnlyList<string>? amr, IReadOnlyDictionary<string, FactValue> claims) => new()
    {
        Id = facts.Id,
        Expires = facts.Expires,
        AuthTime = facts.AuthTime,
        Acr = acr,
        Amr = amr,
        Provider = facts.Provider,
        Failed = facts.Failed,
        Claims = claims,
    };

    private static JsonObject Object(IReadOnlyDictionary<string, FactValue> fields) =>
        new(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Value(field.Value))));

    private static JsonNode? Value(FactValue fact) => fact.Value switch
    {
        string text => text,
        bool truth => truth,
        double number => number,
        DateTimeOffset instant => new JsonObject { ["at"] = instant.ToString("O", CultureInfo.InvariantCulture) },
        IReadOnlyList<string> texts => Texts(texts),
        _ => null,
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static Dictionary<string, FactValue> Fields(JsonElement json) => json.EnumerateObject()
        .Where(field => field.Value.ValueKind != JsonValueKind.Null)
        .ToDictionary(field => field.Name, field => Fact(field.Value), StringComparer.Ordinal);

    private static FactValue Fact(JsonElement json) => new(json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.Array => (IReadOnlyList<string>)[.. json.EnumerateArray().Select(text => text.GetString()!)],
        _ => DateTimeOffset.Parse(json.GetProperty("at").GetString()!, CultureInfo.InvariantCulture),
    });
}
