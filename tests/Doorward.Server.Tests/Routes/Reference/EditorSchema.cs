using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Tests.Routes.Reference;

/// <summary>deploy/doorward.schema.json: the same for editors, as JSON schema draft 7, which they understand best.</summary>
internal static class EditorSchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Write()
    {
        var definitions = new JsonObject();
        Define(typeof(ConfigurationOptions), definitions);
        Define(typeof(SharedOptions), definitions);
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Doorward's configuration",
            ["$ref"] = "#/definitions/" + nameof(ConfigurationOptions),
            ["definitions"] = definitions,
        }.ToJsonString(Written) + "\n";
    }

    private static void Define(Type type, JsonObject definitions)
    {
        if (definitions.ContainsKey(type.Name)) return;
        var shape = SectionShape.Of(type);
        var properties = new JsonObject();
        var definition = new JsonObject { ["type"] = "object", ["description"] = CodeComments.Of(type), ["additionalProperties"] = false, ["properties"] = properties };
        definitions[type.Name] = definition;
        var required = new JsonArray();
        var either = new JsonArray();
        foreach (var key in shape.Keys)
        {
            properties[key.Name] = Property(key);
            if (key.FileTwin is { } twin) properties[twin] = new JsonObject { ["type"] = "string", ["description"] = $"The path of a file that holds «{key.Name}»." };
            if (key.Attribute.Required && key.FileTwin is null) required.Add(key.Name);
            else if (key.Attribute.Required)
                either.Add(new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray(key.Name) }, new JsonObject { ["required"] = new JsonArray(key.FileTwin) }) });
            if (key.Kind.Section is { } inner) Define(inner, definitions);
        }

        if (required.Count > 0) definition["required"] = required;
        if (either.Count > 0) definition["allOf"] = either;
    }

    private static JsonObject Property(KeyShape key)
    {
        var schema = key.Kind.Schema();
        // What stands beside $ref does not count in draft 7.
        var property = schema["$ref"] is null ? schema.AsObject() : new JsonObject { ["allOf"] = new JsonArray(schema) };
        property["description"] = CodeComments.Of(key.Property).Replace("`", "", StringComparison.Ordinal) + $" Example: {key.Name}: {key.Attribute.Example}";
        if (Spelling.OfDefault(key) is { } value) property["default"] = value is "true" or "false" ? JsonValue.Create(value == "true") : JsonValue.Create(value);
        return property;
    }
}
