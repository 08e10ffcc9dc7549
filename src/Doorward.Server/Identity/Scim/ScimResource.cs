using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Scim;

/// <summary>A user or a group as a SCIM client keeps it here.</summary>
internal sealed record ScimResource
{
    public const string User = "User", Group = "Group";

    public const string Columns = "client, type, id, name_key AS NameKey, external_id AS ExternalId, person, json, version, created, modified";

    public string Client { get; init; } = "";
    public string Type { get; init; } = "";
    public string Id { get; init; } = "";
    public string NameKey { get; init; } = "";
    public string? ExternalId { get; init; }
    public string? Person { get; init; }
    public string Json { get; init; } = "{}";
    public long Version { get; init; }
    public long Created { get; init; }
    public long Modified { get; init; }

    public string ETag => $"W/\"{Version}\"";

    public static Task<ScimResource?> FindAsync(StoreConnection connection, string client, string type, string id, string lockRow = "") =>
        connection.FindAsync<ScimResource>($"SELECT {Columns} FROM scim_resources WHERE client = @client AND type = @type AND id = @id{lockRow}", new { client, type, id });

    public Task<int> KeepAsync(Transaction transaction) => transaction.ExecuteAsync(
        """
        INSERT INTO scim_resources (client, type, id, name_key, external_id, person, json, version, created, modified)
        VALUES (@Client, @Type, @Id, @NameKey, @ExternalId, @Person, @Json, @Version, @Created, @Modified)
        ON CONFLICT (client, type, id) DO UPDATE SET name_key = @NameKey, external_id = @ExternalId, person = @Person, json = @Json, version = @Version, modified = @Modified
        """,
        this);

    /// <summary>What is kept, to be changed: without what only answers carry.</summary>
    public JsonObject Content() => ScimJson.Parse(Json);

    /// <summary>What an answer carries.</summary>
    public JsonObject Answer(string location, IEnumerable<string> members)
    {
        var answer = Content();
        answer["id"] = Id;
        answer["meta"] = new JsonObject
        {
            ["resourceType"] = Type,
            ["created"] = Instant(Created),
            ["lastModified"] = Instant(Modified),
            ["location"] = location,
            ["version"] = ETag,
        };
        if (Type == Group) answer["members"] = new JsonArray([.. members.Select(id => (JsonNode)new JsonObject { ["value"] = id, ["type"] = User })]);
        return answer;
    }

    private static string Instant(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>JSON as SCIM has it: names without case, nothing twice.</summary>
internal static class ScimJson
{
    private const int Deepest = 16;

    public static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, new JsonNodeOptions { PropertyNameCaseInsensitive = true }, new JsonDocumentOptions { MaxDepth = Deepest, AllowDuplicateProperties = false }) as JsonObject
                ?? throw ScimFault.InvalidSyntax("The body is no JSON object.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw ScimFault.InvalidSyntax("The body is no JSON, names something twice, or is nested too deep.");
        }
    }

    public static string? Text(this JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>Entra writes booleans as text.</summary>
    public static bool? Truth(this JsonObject json, string name) => json[name] is not JsonValue value ? null
        : value.TryGetValue<bool>(out var truth) ? truth
        : value.TryGetValue<string>(out var text) && bool.TryParse(text, out var read) ? read
        : throw ScimFault.InvalidValue($"«{name}» is true or false.");
}
