using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Routes.Options;
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

    /// <summary>Those of these that there are, in the order in which everybody locks them.</summary>
    public static async Task<IReadOnlyList<ScimResource>> FindAllAsync(StoreConnection connection, string client, string type, IReadOnlyCollection<string> ids, string lockRows = "")
    {
        var found = new List<ScimResource>();
        foreach (var chunk in ids.Order(StringComparer.Ordinal).Chunk(Listed.Most))
        {
            var (listed, arguments) = Listed.Of(chunk);
            arguments.AddDynamicParams(new { client, type });
            found.AddRange(await connection.QueryAsync<ScimResource>($"SELECT {Columns} FROM scim_resources WHERE client = @client AND type = @type AND id IN {listed} ORDER BY id{lockRows}", arguments));
        }
        return found;
    }

    /// <summary>Those of these names that something has.</summary>
    public static async Task<HashSet<string>> TakenAsync(StoreConnection connection, string client, string type, IReadOnlyList<string> names)
    {
        var (listed, arguments) = Listed.Of(names);
        arguments.AddDynamicParams(new { client, type });
        return [.. await connection.QueryAsync<string>($"SELECT name_key FROM scim_resources WHERE client = @client AND type = @type AND name_key IN {listed}", arguments)];
    }

    /// <summary>Keeps them all, new ones in the order of their names, for two that make the same ones wait for each other.</summary>
    public static Task KeepAsync(Transaction transaction, IReadOnlyList<ScimResource> resources) => transaction.ExecuteRowsAsync(
        $"""
        INSERT INTO scim_resources (client, type, id, name_key, external_id, person, json, version, created, modified)
        SELECT c0, c1, c2, c3, c4, c5, c6, CAST(c7 AS bigint), CAST(c8 AS bigint), CAST(c9 AS bigint) FROM {transaction.Rows(10)} WHERE true ORDER BY row
        ON CONFLICT (client, type, id) DO UPDATE SET name_key = excluded.name_key, external_id = excluded.external_id, person = excluded.person,
            json = excluded.json, version = excluded.version, modified = excluded.modified
        """,
        resources.OrderBy(one => one.NameKey, StringComparer.Ordinal)
            .Select(one => new object?[] { one.Client, one.Type, one.Id, one.NameKey, one.ExternalId, one.Person, one.Json, one.Version, one.Created, one.Modified }));

    public static async Task DeleteUsersAsync(Transaction transaction, string client, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0) return;
        var (listed, arguments) = Listed.Of(ids);
        arguments.Add("client", client);
        await transaction.ExecuteAsync(
            $"DELETE FROM scim_resources WHERE client = @client AND type = '{User}' AND id IN {listed}; DELETE FROM scim_members WHERE client = @client AND user_id IN {listed}", arguments);
    }

    /// <summary>What a client wrote.</summary>
    public static ScimResource Of(ScimOptions client, string type, JsonObject content)
    {
        foreach (var derived in (string[])["id", "meta", "members", "groups", "password"]) content.Remove(derived);
        var name = content.Text(type == User ? "userName" : "displayName") ?? throw ScimFault.InvalidValue(type == User ? "A user has a «userName»." : "A group has a «displayName».");
        if (content.Truth("active") is { } active) content["active"] = active;
        // A PATCH may have put one thing into another.
        var json = content.ToJsonString();
        ScimJson.Parse(json);
        var subject = client.Join == ScimJoin.UserName ? name : content.Text("externalId");
        return new()
        {
            Client = client.Name,
            Type = type,
            NameKey = name.ToLowerInvariant(),
            ExternalId = content.Text("externalId"),
            Person = type == User && subject is not null ? PersonRow.IdOf(client.Provider, subject) : null,
            Json = json,
        };
    }

    /// <summary>As the next version of what there was, or a new one.</summary>
    public ScimResource After(ScimResource? known, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return this with { Id = known?.Id ?? Guid.CreateVersion7().ToString(), Version = (known?.Version ?? 0) + 1, Created = known?.Created ?? at, Modified = at };
    }

    /// <summary>It is there, and as the client knows it.</summary>
    /// <param name="known">What there is.</param>
    /// <param name="type">User or Group.</param>
    /// <param name="id">What the client asks for.</param>
    /// <param name="ifMatch">The version that the client knows; null for any.</param>
    public static ScimResource Check(ScimResource? known, string type, string id, string? ifMatch) =>
        known is null ? throw ScimFault.NotFound($"There is no {type} «{id}».") : ifMatch is null or "*" || ifMatch == known.ETag ? known : throw ScimFault.Changed();

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
internal static partial class ScimJson
{
    private const int Deepest = 16;

    public static JsonObject Parse(string text)
    {
        // PostgreSQL keeps no text with it.
        if (NoCharacter().IsMatch(text)) throw ScimFault.InvalidValue("A text holds the character U+0000.");
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

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\u0000")]
    private static partial Regex NoCharacter();

    public static string? Text(this JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>Entra writes booleans as text.</summary>
    public static bool? Truth(this JsonObject json, string name) => json[name] is not JsonValue value ? null
        : value.TryGetValue<bool>(out var truth) ? truth
        : value.TryGetValue<string>(out var text) && bool.TryParse(text, out var read) ? read
        : throw ScimFault.InvalidValue($"«{name}» is true or false.");
}
