using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy.Headers;

/// <summary>
/// A header's values, as its reader will see them: two lines and one line with a comma are the same list (RFC 9110, 5.3), and the upstream
/// gets them joined. A rule that saw only lines would miss the other spelling.
/// </summary>
internal static class HeaderList
{
    /// <summary>Whose values hold commas and are no lists.</summary>
    private static readonly FrozenSet<string> Single = new[]
    {
        "Authorization", "Cookie", "Date", "Expires", "From", "If-Modified-Since", "If-Unmodified-Since", "Last-Modified", "Referer", "User-Agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Of(IHeaderDictionary headers, string name)
    {
        var lines = headers[name];
        foreach (var line in lines)
        {
            if (line is not null && line.Contains(',', StringComparison.Ordinal) && !Single.Contains(name))
                return headers.GetCommaSeparatedValues(name);
        }

        return [.. lines.OfType<string>()];
    }
}
