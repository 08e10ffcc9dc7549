using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>From a property's type to the kind of value that may be written for it.</summary>
internal static class ValueKinds
{
    private static readonly Dictionary<Type, ValueKind> Known = new()
    {
        [typeof(string)] = new ScalarValue("a text", new JsonObject { ["type"] = new JsonArray("string", "number") }, text => text.Length == 0 ? null : text),
        [typeof(bool)] = new ScalarValue("true or false", Json("boolean"), text => text switch { "true" => true, "false" => false, _ => null }),
        [typeof(int)] = new ScalarValue("a whole number", Json("integer"),
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null),
        [typeof(TimeSpan)] = new ScalarValue("a duration", DurationSchema(), text => Duration.TryParse(text, out var duration) ? duration : null),
        [typeof(ByteSize)] = new ScalarValue("a size", new JsonObject { ["type"] = new JsonArray("string", "integer") },
            text => ByteSize.TryParse(text, out var size) ? size : null),
        [typeof(Uri)] = new ScalarValue("an absolute URL", new JsonObject { ["type"] = "string", ["format"] = "uri" },
            text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 ? url : null),
        [typeof(ListenAddress)] = new ScalarValue("an address with a port", Json("string"),
            text => ListenAddress.TryParse(text, out var address) ? address : null),
        [typeof(IPNetwork)] = new ScalarValue("a network or an IP address", Json("string"), text => Network(text)),
        [typeof(Secret)] = new TwinValue("a secret text", (text, path) => text.Trim() is { Length: > 0 } secret ? new Secret(secret, path) : null),
        [typeof(Pem)] = new TwinValue("PEM, or its base64", (text, path) => PemOf(text) is { } pem ? new Pem(pem, path) : null),
        [typeof(FileText)] = new FileValue("the path of a file"),
        [typeof(Node)] = new RawValue("a policy"),
        [typeof(PolicyChoice)] = new OwnValue("the names of policies, or a policy", PolicyChoice.Schema(), PolicyChoice.Read),
        [typeof(ClaimHeaders)] = new OwnValue("a mapping from header to claim, or a list of claims", ClaimHeaders.Schema(), ClaimHeaders.Read),
    };

    public static ValueKind Of(PropertyInfo property) => Of(property.PropertyType);

    private static ValueKind Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Known.TryGetValue(type, out var known)) return known;
        if (type.IsEnum) return OfEnum(type);
        if (type.IsSubclassOf(typeof(Section))) return new SectionValue(type);
        var arguments = type.GetGenericArguments();
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            ? (ValueKind)Activator.CreateInstance(typeof(MapValue<>).MakeGenericType(arguments[1]), Of(arguments[1]))!
            : new ListValue(Of(arguments[0]), arguments[0]);
    }

    private static ScalarValue OfEnum(Type type)
    {
        var values = new Dictionary<string, object>();
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            values[SectionShape.SnakeCase(field.Name)] = field.GetValue(null)!;
        var words = "one of " + string.Join(", ", values.Keys);
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            foreach (var alias in field.GetCustomAttributes<AliasAttribute>()) values[alias.Spelling] = field.GetValue(null)!;
        return new ScalarValue(words, new JsonObject { ["enum"] = new JsonArray([.. values.Keys.Select(name => (JsonNode)name)]) }, values.GetValueOrDefault);
    }

    private static JsonObject DurationSchema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = "^([0-9]+([.][0-9]+)?(h|m|s|ms))+$" }, new JsonObject { ["const"] = 0 }),
    };

    private static JsonObject Json(string type) => new() { ["type"] = type };

    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && address.ToString() == text ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    private static string? PemOf(string text)
    {
        const string begin = "-----BEGIN ";
        if (text.Contains(begin, StringComparison.Ordinal)) return text;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), bytes, out var length)) return null;
        var decoded = Encoding.UTF8.GetString(bytes, 0, length);
        return decoded.Contains(begin, StringComparison.Ordinal) ? decoded : null;
    }
}
