using System.Globalization;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>What a message says of devices. Written for input of a source that is believed and may still be wrong: it is taken whole, or not at all.</summary>
internal static class PostureReader
{
    /// <summary>Devices in one message, which is one transaction.</summary>
    private const int MostDevices = 1000;

    private const int MostAttributes = 64, LongestName = 64, LongestText = 1024, LongestId = 255, MostItems = 100;

    /// <param name="source">Who sent it.</param>
    /// <param name="body">One JSON object.</param>
    /// <param name="sent">When: what carries no time of its own is of then.</param>
    /// <exception cref="PostureFault">Anything of it is not as it should be.</exception>
    public static IReadOnlyList<DeviceReport> Read(PostureOptions source, JsonElement body, DateTimeOffset sent)
    {
        var reports = (source.Kind switch
        {
            PostureKind.Intune => Devices(body, "value").Select(device => IntunePosture.Read(device, Blank(source, device, sent))),
            PostureKind.Fleet => FleetPosture.Read(body, host => Blank(source, host, sent)),
            _ => Devices(body, "devices").Select(device => GenericPosture.Read(device, Blank(source, device, sent), sent)),
        }).ToList();
        return reports.Count > 0 ? reports : throw PostureFault.Invalid("No device is told of.");
    }

    /// <summary>Those in a list, or the only one, which is the message itself.</summary>
    public static IEnumerable<JsonElement> Devices(JsonElement body, string list)
    {
        if (!body.TryGetProperty(list, out var devices)) return [body];
        if (devices.ValueKind != JsonValueKind.Array || devices.GetArrayLength() > MostDevices) throw PostureFault.Invalid($"«{list}» is a list of {MostDevices} devices at most.");
        return devices.EnumerateArray().Select(device => device.ValueKind == JsonValueKind.Object ? device : throw PostureFault.Invalid($"«{list}» is a list of objects."));
    }

    /// <summary>A member; null where it is absent or null.</summary>
    public static JsonElement? Find(this JsonElement value, string member) =>
        value.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    public static string? FindText(this JsonElement value, string member) => value.Find(member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } found when found.GetString() is { Length: <= LongestText } text && !text.Any(char.IsControl) => text,
        _ => throw PostureFault.Invalid($"«{member}» is a text of {LongestText} characters at most."),
    };

    public static bool? FindFlag(this JsonElement value, string member) => value.Find(member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw PostureFault.Invalid($"«{member}» is true or false."),
    };

    public static DateTimeOffset? FindTime(this JsonElement value, string member) => value.FindText(member) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw PostureFault.Invalid($"«{member}» is a time as RFC 3339 writes it."),
    };

    /// <summary>Texts, truth values, numbers and lists of texts, under the names that policies use.</summary>
    public static IReadOnlyDictionary<string, FactValue> FindAttributes(this JsonElement value, string member)
    {
        if (value.Find(member) is not { } found) return FactValue.NoFields;
        if (found.ValueKind != JsonValueKind.Object || found.EnumerateObject().Count() > MostAttributes) throw PostureFault.Invalid($"«{member}» is an object of {MostAttributes} members at most.");
        return found.EnumerateObject().Where(one => one.Value.ValueKind != JsonValueKind.Null).ToDictionary(
            one => IsName(one.Name) ? one.Name : throw PostureFault.Invalid($"A name in «{member}» has {LongestName} letters, digits, dots, dashes and low lines at most."),
            one => Value(one.Value, member));
    }

    /// <summary>Only those that are there.</summary>
    public static IReadOnlyDictionary<string, FactValue> Attributes(params ReadOnlySpan<(string Name, object? Value)> known)
    {
        var attributes = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (var (name, value) in known)
            if (value is not null) attributes[name] = new(value);
        return attributes;
    }

    private static DeviceReport Blank(PostureOptions source, JsonElement device, DateTimeOffset sent)
    {
        var member = source.DeviceId ?? source.Kind switch { PostureKind.Intune => "azureADDeviceId", PostureKind.Fleet => "uuid", _ => "id" };
        return device.FindText(member) is { Length: > 0 and <= LongestId } id && id.Trim() == id
            ? new() { Provider = source.Provider, Device = id, Source = PostureEndpoint.SourceOf(source), At = sent }
            : throw PostureFault.Invalid($"A device has no id in «{member}».");
    }

    private static FactValue Value(JsonElement json, string member) => json.ValueKind switch
    {
        JsonValueKind.String when json.GetString() is { Length: <= LongestText } text && !text.Any(char.IsControl) => new(text),
        JsonValueKind.True => new(true),
        JsonValueKind.False => new(false),
        JsonValueKind.Number when json.GetDouble() is var number && double.IsFinite(number) => new(number),
        JsonValueKind.Array when json.GetArrayLength() <= MostItems && json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.GetString()!.Length <= LongestText) =>
            new((IReadOnlyList<string>)[.. json.EnumerateArray().Select(item => item.GetString()!)]),
        _ => throw PostureFault.Invalid($"A value in «{member}» is a short text, true, false, a number or a list of texts."),
    };

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
