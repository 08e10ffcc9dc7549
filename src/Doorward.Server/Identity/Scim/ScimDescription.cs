using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Scim;

/// <summary>What we say of ourselves (RFC 7643, 5 to 7): what is supported, which types there are, and their attributes.</summary>
internal static class ScimDescription
{
    public static JsonObject? Of(string[] parts) => parts switch
    {
        ["ServiceProviderConfig"] => Configuration(),
        ["ResourceTypes"] => List(Type("User", "/Users", ScimSchemas.User, ScimSchemas.Extensions), Type("Group", "/Groups", ScimSchemas.Group, [])),
        ["ResourceTypes", "User"] => Type("User", "/Users", ScimSchemas.User, ScimSchemas.Extensions),
        ["ResourceTypes", "Group"] => Type("Group", "/Groups", ScimSchemas.Group, []),
        ["Schemas"] => List([.. Schemas()]),
        ["Schemas", var id] => Schemas().FirstOrDefault(schema => schema["id"]!.GetValue<string>() == id),
        _ => null,
    };

    private static JsonObject Configuration() => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = 1000 },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(false),
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject { ["type"] = "oauthbearertoken", ["name"] = "Bearer token", ["description"] = "The token of the SCIM client in the configuration." }),
    };

    private static IEnumerable<JsonObject> Schemas()
    {
        yield return Schema(ScimSchemas.User, "User", Attribute("userName", required: true, unique: true), Attribute("externalId"), Attribute("displayName"), Attribute("active", "boolean"), Attribute("title"),
            Attribute("userType"), Attribute("preferredLanguage"), Attribute("locale"), Attribute("timezone"), Attribute("name", "complex"), Attribute("emails", "complex", many: true));
        yield return Schema(ScimSchemas.Group, "Group", Attribute("displayName", required: true, unique: true), Attribute("externalId"), Attribute("members", "complex", many: true));
        yield return Schema(ScimSchemas.Enterprise, "Enterprise user", Attribute("employeeNumber"), Attribute("costCenter"), Attribute("organization"), Attribute("division"), Attribute("department"), Attribute("manager", "complex"));
        yield return Schema(ScimSchemas.Doorward, "Doorward user", Attribute("endDate", "dateTime"), Attribute("attributes", "complex"));
    }

    private static JsonObject Type(string name, string endpoint, string schema, string[] extensions) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"),
        ["id"] = name,
        ["name"] = name,
        ["endpoint"] = endpoint,
        ["schema"] = schema,
        ["schemaExtensions"] = new JsonArray([.. extensions.Select(extension => (JsonNode)new JsonObject { ["schema"] = extension, ["required"] = false })]),
    };

    private static JsonObject Schema(string id, string name, params JsonObject[] attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"),
        ["id"] = id,
        ["name"] = name,
        ["attributes"] = new JsonArray([.. attributes]),
    };

    private static JsonObject Attribute(string name, string type = "string", bool required = false, bool unique = false, bool many = false) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["multiValued"] = many,
        ["required"] = required,
        ["caseExact"] = false,
        ["mutability"] = "readWrite",
        ["returned"] = "default",
        ["uniqueness"] = unique ? "server" : "none",
    };

    private static JsonObject List(params JsonObject[] resources) => new()
    {
        ["schemas"] = new JsonArray(ScimSchemas.List),
        ["totalResults"] = resources.Length,
        ["startIndex"] = 1,
        ["itemsPerPage"] = resources.Length,
        ["Resources"] = new JsonArray([.. resources]),
    };

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };
}
