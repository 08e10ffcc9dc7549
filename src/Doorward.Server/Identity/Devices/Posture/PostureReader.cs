using System.Globalization;
using System.Text.Json;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// What a message says of devices. Written for input of a source that is believed and may still be wrong, and that repeats what devices say
/// of themselves: a device that is told wrongly is skipped, and keeps no other from being heard.
/// </summary>
internal static class PostureReader
{
    /// <summary>Devices in one message, which is one transaction.</summary>
    private const int MostDevices = 1000;

    public const int MostAttributes = 64;

    private const int LongestName = 64, LongestText = 1024, LongestId = 255, MostItems = 100;

    /// <summary>What Intune calls a device that Entra does not know.</summary>
    private const string NoId = "00000000-0000-0000-0000-000000000000";

    /// <param name="source">Who sent it.</param>
    /// <param name="body">One JSON object.</param>
    /// <param name="sent">When: what carries no time of its own is of then.</param>
    /// <exception cref="SignalFault">Nothing of it can be believed.</exception>
    public static PostureReading Read(PostureOptions source, JsonElement body, DateTimeOffset sent)
    {
        var (devices, read) = source.Kind switch
        {
            PostureKind.Intune => (Devices(body, "value"), IntunePosture.Read),
            PostureKind.Fleet => FleetPosture.Read(body),
            _ => (Devices(body, "devices"), (Func<JsonElement, DeviceReport, DeviceReport>)GenericPosture.Read),
        };
        var reports = new List<DeviceReport>(devices.Count);
        SignalFault? first = null;
        foreach (var device in devices)
        {
            try
            {
                reports.Add(read(device, Blank(source, device, sent)));
            }
            catch (SignalFault fault)
            {
                first ??= fault;
            }
        }
        return reports.Count > 0 ? new(reports, devices.Count - reports.Count, first?.Message) : throw first ?? Invalid("No device is told of.");
    }

    public static SignalFault Invalid(string detail) => new("invalid", detail);

    /// <summary>Those in a list, or the only one, which is the message itself.</summary>
    public static IReadOnlyList<JsonElement> Devices(JsonElement body, string list)
    {
        if (!body.TryGetProperty(list, out var devices)) return [body];
        return devices.ValueKind == JsonValueKind.Array && devices.GetArrayLength() <= MostDevices ? [.. devices.EnumerateArray()] : throw Invalid($"«{list}» is a list of {MostDevices} devices at most.");
    }

    /// <summary>A member; null where it is absent or null.</summary>
    public static JsonElement? Find(this JsonElement value, string member) =>
        value.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    public static string? FindText(this JsonElement value, string member) =>
        value.Find(member) is not { } found ? null : Text(found) ?? throw Invalid($"«{member}» is a text of {LongestText} characters at most.");

    public static bool? FindFlag(this JsonElement value, string member) => value.Find(member) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Invalid($"«{member}» is true or false."),
    };

    public static DateTimeOffset? FindTime(this JsonElement value, string member) => value.FindText(member) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw Invalid($"«{member}» is a time as RFC 3339 writes it."),
    };

    /// <summary>A text; null where it is none, or none that can be told on.</summary>
    public static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.String && json.GetString() is { Length: <= LongestText } text && !text.Any(one => char.IsControl(one) || LoneSurrogates.IsHalf(one)) ? text : null;

    /// <summary>A text, a truth value, a number or a list of texts; null where it is none of them.</summary>
    public static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Text(json),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when json.GetDouble() is var number && double.IsFinite(number) => number,
        JsonValueKind.Array when json.GetArrayLength() <= MostItems && json.EnumerateArray().All(item => Text(item) is not null) => (IReadOnlyList<string>)[.. json.EnumerateArray().Select(item => item.GetString()!)],
        _ => null,
    };

    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static DeviceReport Blank(PostureOptions source, JsonElement device, DateTimeOffset sent)
    {
        if (device.ValueKind != JsonValueKind.Object) throw Invalid("A device is an object.");
        var member = source.DeviceId ?? source.Kind switch { PostureKind.Intune => "azureADDeviceId", PostureKind.Fleet => "uuid", _ => "id" };
        return device.FindText(member) is { Length: > 0 and <= LongestId } id && id.Trim() == id && id != NoId
            ? new() { Provider = source.Provider, Device = id, Source = PostureEndpoint.SourceOf(source), At = sent }
            : throw Invalid($"A device has no id in «{member}».");
    }
}
