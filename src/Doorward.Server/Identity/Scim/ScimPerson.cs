using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;

namespace Doorward.Server.Identity.Scim;

/// <summary>What a SCIM user says of a person, for policies.</summary>
internal static class ScimPerson
{
    private static readonly string[] _core = ["title", "userType", "preferredLanguage", "locale", "timezone"];
    private static readonly string[] _enterprise = ["employeeNumber", "costCenter", "organization", "division", "department"];

    public static DirectoryRow Read(string source, string person, JsonObject user, IReadOnlyList<GroupFact> groups) => new()
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
                JsonValueKind.Number => value.GetValue<double>(),
                JsonValueKind.Array when ((JsonArray)value).All(one => one?.GetValueKind() == JsonValueKind.String) => (IReadOnlyList<string>)[.. ((JsonArray)value).Select(one => one!.GetValue<string>())],
                _ => null,
            };
            if (fact is not null) all.TryAdd(name, new FactValue(fact));
        }
    }
}
