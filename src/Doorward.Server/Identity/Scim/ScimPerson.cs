using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Scim;

/// <summary>What a SCIM user says of a person, for policies.</summary>
internal static class ScimPerson
{
    private static readonly string[] _core = ["title", "userType", "preferredLanguage", "locale", "timezone"];
    private static readonly string[] _enterprise = ["employeeNumber", "costCenter", "organization", "division", "department"];

    /// <summary>Tells what a client says of its users now, of those who are somebody.</summary>
    public static async Task TellAsync(Transaction transaction, string client, IReadOnlyList<ScimResource> users)
    {
        var groups = await GroupsAsync(transaction, client, [.. users.Select(user => user.Id)]);
        await DirectoryStore.KeepAsync(transaction, [.. users.Where(user => user.Person is not null).Select(user => Read(user, groups))]);
    }

    /// <summary>The groups of each of these users, by their ids.</summary>
    public static async Task<ILookup<string, GroupFact>> GroupsAsync(StoreConnection connection, string client, IReadOnlyList<string> users)
    {
        var found = new List<Membership>();
        foreach (var chunk in users.Chunk(Listed.Most))
        {
            var (listed, arguments) = Listed.Of(chunk);
            arguments.Add("client", client);
            found.AddRange(await connection.QueryAsync<Membership>(
                $"""
                SELECT m.user_id AS UserId, g.id AS GroupId, g.json FROM scim_members m JOIN scim_resources g ON g.client = m.client AND g.type = 'Group' AND g.id = m.group_id
                WHERE m.client = @client AND m.user_id IN {listed} ORDER BY g.id
                """,
                arguments));
        }
        // A group of thousands is read once.
        var facts = found.DistinctBy(one => one.GroupId).ToDictionary(one => one.GroupId, one => new GroupFact(one.GroupId, ScimJson.Parse(one.Json).Text("displayName")), StringComparer.Ordinal);
        return found.ToLookup(one => one.UserId, one => facts[one.GroupId], StringComparer.Ordinal);
    }

    public static DirectoryRow Read(ScimResource user, ILookup<string, GroupFact> groups) => Read(ScimStore.SourceOf(user.Client), user.Person!, user.Content(), [.. groups[user.Id]]);

    private static DirectoryRow Read(string source, string person, JsonObject user, IReadOnlyList<GroupFact> groups) => new()
    {
        Source = source,
        Person = person,
        Name = user.Text("displayName") ?? (user["name"] as JsonObject)?.Text("formatted"),
        Email = EmailOf(user),
        Active = user.Truth("active") ?? true ? 1 : 0,
        EndDate = EndOf(user)?.ToUnixTimeMilliseconds(),
        Groups = FactJson.Write(groups),
        Attributes = FactJson.Write(AttributesOf(user)),
    };

    private static string? EmailOf(JsonObject user)
    {
        var emails = (user["emails"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        return (emails.Find(email => email.Truth("primary") == true) ?? emails.FirstOrDefault())?.Text("value");
    }

    // An end that cannot be read must not look like none.
    private static DateTimeOffset? EndOf(JsonObject user)
    {
        if ((user[ScimSchemas.Doorward] as JsonObject)?["endDate"] is not { } end) return null;
        return end is JsonValue value && value.TryGetValue<string>(out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw ScimFault.InvalidValue("«endDate» is an instant such as 2030-01-31T00:00:00Z.");
    }

    private static Dictionary<string, FactValue> AttributesOf(JsonObject user)
    {
        var all = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (var name in _core) Add(name, user[name]);
        if (user[ScimSchemas.Enterprise] is JsonObject enterprise)
        {
            foreach (var name in _enterprise) Add(name, enterprise[name]);
            Add("manager", enterprise["manager"] is JsonObject manager ? manager["value"] : enterprise["manager"]);
        }
        if ((user[ScimSchemas.Doorward] as JsonObject)?["attributes"] is JsonObject own)
            foreach (var (name, value) in own) Add(name, value);
        return all;

        void Add(string name, JsonNode? value)
        {
            object? fact = value?.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.Number => value.GetValue<double>() is var number && double.IsFinite(number) ? number : throw ScimFault.InvalidValue($"«{name}» is a number beyond what can be kept."),
                JsonValueKind.Array when ((JsonArray)value).All(one => one?.GetValueKind() == JsonValueKind.String) => (IReadOnlyList<string>)[.. ((JsonArray)value).Select(one => one!.GetValue<string>())],
                _ => null,
            };
            if (fact is not null) all.TryAdd(name, new FactValue(fact));
        }
    }

    private sealed record Membership(string UserId, string GroupId, string Json);
}
