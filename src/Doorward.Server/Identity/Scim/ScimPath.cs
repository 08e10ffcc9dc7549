using System.Text.Json.Nodes;

namespace Doorward.Server.Identity.Scim;

/// <summary>Where in a resource something stands (RFC 7644, 3.5.2): <c>emails[type eq "work"].value</c>, an attribute of an extension, or a whole extension.</summary>
/// <param name="Extension">The extension that holds it; null for the resource itself.</param>
/// <param name="Attribute">Null for the whole extension.</param>
/// <param name="Filter">Which elements of a list.</param>
/// <param name="Sub">The part of the attribute, or of each element.</param>
internal sealed record ScimPath(string? Extension, string? Attribute, ScimFilter? Filter, string? Sub)
{
    public static ScimPath Parse(string text)
    {
        var (extension, rest) = Split(text.Trim());
        if (rest.Length == 0) return new(extension, null, null, null);
        var open = rest.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            var dot = rest.IndexOf('.', StringComparison.Ordinal);
            return dot < 0 ? new(extension, Checked(rest), null, null) : new(extension, Checked(rest[..dot]), null, Checked(rest[(dot + 1)..]));
        }
        var close = rest.LastIndexOf(']');
        if (close < open || (close + 1 < rest.Length && rest[close + 1] != '.')) throw ScimFault.InvalidPath($"«{text}» is no path.");
        return new(extension, Checked(rest[..open]), ScimFilter.Parse(rest[(open + 1)..close]), close + 1 < rest.Length ? Checked(rest[(close + 2)..]) : null);
    }

    /// <summary>The values that stand there: the elements of a list one by one.</summary>
    public IEnumerable<JsonNode> Values(JsonObject resource)
    {
        var container = Extension is null ? resource : resource[Extension] as JsonObject;
        var found = Attribute is null ? container : container?[Attribute];
        foreach (var one in found is JsonArray list ? list.OfType<JsonNode>() : found is null ? [] : [found])
        {
            if (Filter is not null && !(one is JsonObject element && Filter.Matches(element))) continue;
            // A comparison with a list of objects means their values.
            var value = Sub is null ? (one is JsonObject holder && Attribute is not null && holder["value"] is { } plain ? plain : one) : (one as JsonObject)?[Sub];
            if (value is not null) yield return value;
        }
    }

    private static (string? Extension, string Left) Split(string text)
    {
        foreach (var extension in ScimSchemas.Extensions)
        {
            if (text.Equals(extension, StringComparison.OrdinalIgnoreCase)) return (extension, "");
            if (text.StartsWith(extension + ":", StringComparison.OrdinalIgnoreCase)) return (extension, text[(extension.Length + 1)..]);
        }
        foreach (var core in (string[])[ScimSchemas.User, ScimSchemas.Group])
            if (text.StartsWith(core + ":", StringComparison.OrdinalIgnoreCase)) return (null, text[(core.Length + 1)..]);
        return (null, text);
    }

    private static string Checked(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '$') ? name : throw ScimFault.InvalidPath($"«{name}» is no attribute.");
}
