using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Doorward.Server.Identity.Tokens;

/// <summary>
/// JSON as strangers must send it: one object, valid UTF-8, no member twice in any object, nothing after the end, bounded depth.
/// Two readers that disagree about a document are how forged tokens pass.
/// </summary>
internal static class StrictJson
{
    // A token nests three or four deep (realm_access, address, act); sixteen leaves room and bounds the work.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads one object; the element owns its memory and may be kept.</summary>
    public static bool TryObject(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out JsonElement? value) => TryRead(utf8, JsonValueKind.Object, out value);

    /// <summary>Reads one list, under the same rules.</summary>
    public static bool TryList(ReadOnlySpan<byte> utf8, out IReadOnlyList<JsonElement> items)
    {
        items = TryRead(utf8, JsonValueKind.Array, out var value) ? [.. value.Value.EnumerateArray()] : [];
        return value is not null;
    }

    private static bool TryRead(ReadOnlySpan<byte> utf8, JsonValueKind kind, [NotNullWhen(true)] out JsonElement? value)
    {
        value = null;
        if (!Utf8.IsValid(utf8)) return false;
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), Options);
            if (document.RootElement.ValueKind != kind || !HasWholeTexts(document.RootElement)) return false;
            value = document.RootElement.Clone();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped lone surrogate in a member's name.
            return false;
        }
    }

    // "\ud800" is well-formed JSON and no text: reading it throws later, at a place that expects no trouble.
    private static bool HasWholeTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    if (member.Name is null || !HasWholeTexts(member.Value)) return false;
                return true;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    if (!HasWholeTexts(item)) return false;
                return true;
            case JsonValueKind.String:
                return value.GetString() is not null;
            default:
                return true;
        }
    }

    /// <summary>The member's text; null where it is absent or not a text.</summary>
    public static string? Text(this JsonElement value, string member) =>
        value.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    /// <summary>The member's texts: one text or a list of nothing but texts; null where it is absent or anything else.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement value, string member)
    {
        if (!value.TryGetProperty(member, out var found)) return null;
        if (found.ValueKind == JsonValueKind.String) return [found.GetString()!];
        if (found.ValueKind != JsonValueKind.Array) return null;
        var texts = new List<string>(found.GetArrayLength());
        foreach (var item in found.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return null;
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    public static bool Has(this JsonElement value, string member) => value.TryGetProperty(member, out _);
}
