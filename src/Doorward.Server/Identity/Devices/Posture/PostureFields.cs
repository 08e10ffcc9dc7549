using System.Text.Json;
using Doorward.Policy;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>
/// The attributes of one device, under the names that policies use. Some of them the device says of itself: one that cannot be read is
/// unknown from then on, and neither stays as good as it was nor keeps the others from being heard.
/// </summary>
internal sealed class PostureFields(JsonElement device)
{
    private readonly Dictionary<string, FactValue> _known = new(StringComparer.Ordinal);
    private readonly List<string> _unreadable = [];
    private string? _owner;

    public PostureFields Text(string name, string member) => Note(name, device.Find(member), PostureReader.Text);

    public PostureFields Flag(string name, string member) => Note(name, device.Find(member), value => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null);

    public PostureFields Owner(string member)
    {
        if (device.Find(member) is not { } found) return this;
        _owner = PostureReader.Text(found);
        if (_owner is null) _unreadable.Add(Device.Owner);
        return this;
    }

    /// <summary>What the reader of a kind has made of several members.</summary>
    public PostureFields Add(string name, object? value)
    {
        if (value is not null) _known[name] = new(value);
        return this;
    }

    /// <summary>Every member of a member, under its own name.</summary>
    public PostureFields All(string member)
    {
        if (device.Find(member) is not { } found) return this;
        if (found.ValueKind != JsonValueKind.Object || found.EnumerateObject().Count() > PostureReader.MostAttributes)
            throw PostureReader.Invalid($"«{member}» is an object of {PostureReader.MostAttributes} members at most.");
        foreach (var one in found.EnumerateObject())
        {
            if (!PostureReader.IsName(one.Name)) throw PostureReader.Invalid($"A name in «{member}» has letters, digits, dots, dashes and low lines alone.");
            if (one.Value.ValueKind != JsonValueKind.Null) Note(one.Name, one.Value, PostureReader.Value);
        }
        return this;
    }

    public DeviceReport Of(DeviceReport report) => report with { Owner = _owner, Attributes = _known, Unreadable = _unreadable };

    private PostureFields Note(string name, JsonElement? member, Func<JsonElement, object?> read)
    {
        if (member is not { } found) return this;
        if (read(found) is { } value) _known[name] = new(value);
        else _unreadable.Add(name);
        return this;
    }
}
