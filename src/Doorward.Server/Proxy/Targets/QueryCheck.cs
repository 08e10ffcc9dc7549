using System.Buffers;

namespace Doorward.Server.Proxy.Targets;

/// <summary>A query is kept as it was sent; it only may not end the request line, or hide a fragment.</summary>
internal static class QueryCheck
{
    // Browsers send backslash, quotes, braces and bare percent signs in a query; no server finds a path there.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Visible('#'));

    public static Defect Check(ReadOnlySpan<char> query)
    {
        var at = query.IndexOfAnyExcept(Allowed);
        return at < 0 ? Defect.None : Classify(query[at]);
    }

    /// <summary>The visible characters of ASCII, but for those given.</summary>
    public static string Visible(params ReadOnlySpan<char> except)
    {
        Span<char> all = stackalloc char[0x7F - 0x21];
        var count = 0;
        for (var c = '!'; c < '\u007F'; c++)
        {
            if (!except.Contains(c))
                all[count++] = c;
        }

        return new string(all[..count]);
    }

    public static Defect Classify(char c) => c switch
    {
        ' ' => Defect.Space,
        '\\' => Defect.Backslash,
        '#' => Defect.Fragment,
        >= '\u0080' => Defect.NotAscii,
        _ => Defect.ControlCharacter,
    };
}
