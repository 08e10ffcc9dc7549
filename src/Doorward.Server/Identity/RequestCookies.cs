using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity;

/// <summary>
/// Reads our cookies letter by letter. The platform's collection ignores case and takes the last of two: <c>__HOST-doorward</c>, which
/// older browsers let any sibling host set, would pass for <c>__Host-doorward</c>, and so would a second one of the same name.
/// </summary>
internal static class RequestCookies
{
    // RFC 6265, 4.2.1 and 5.4: nothing else may stand between two. A browser holds «(no-break space)__Host-doorward» for another name, without
    // the prefix's promise; a reader that trims every white space would take it for ours.
    private const string Between = " \t";

    /// <summary>The value; empty where there is none, and where there are two: a browser never holds two of a <c>__Host-</c> name.</summary>
    public static ReadOnlySpan<char> Find(HttpRequest request, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> found = default;
        var seen = false;
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan()[range].Trim(Between);
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name, StringComparison.Ordinal)) continue;
                if (seen) return default;
                found = pair[(name.Length + 1)..];
                seen = true;
            }
        }

        return found;
    }

    /// <summary>Like <see cref="Find"/>; null for none.</summary>
    public static string? Text(HttpRequest request, string name) => Find(request, name) is { IsEmpty: false } value ? value.ToString() : null;

    /// <summary>The names that begin so, as they were sent.</summary>
    public static IReadOnlyList<string> Names(HttpRequest request, string prefix)
    {
        var names = new List<string>();
        foreach (var line in request.Headers.Cookie)
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan()[range].Trim(Between);
                var end = pair.IndexOf('=');
                if (end > 0 && pair.StartsWith(prefix, StringComparison.Ordinal)) names.Add(pair[..end].ToString());
            }
        }

        return names;
    }
}
