namespace Doorward.Server.Identity.SignIn;

/// <summary>Whether a host, with its port, is one that we serve: Doorward's own or a route's.</summary>
internal delegate bool IsKnownHost(string host, int port);

/// <summary>Where redirects may lead: to known hosts, by our own scheme, as absolute URLs made of checked parts.</summary>
internal sealed class Destinations(Uri own, IsKnownHost isKnown)
{
    // Characters. Longer URLs do not fit into a cookie with the rest of the flow: their query is left out.
    private const int Longest = 2000;

    public Uri Own => own;

    public bool IsOwn(Uri url) => url.Scheme == own.Scheme && url.Authority == own.Authority;

    /// <summary>The URL, where it may be led to; null otherwise.</summary>
    public Uri? Check(string? text)
    {
        if (text is null || text.Any(c => c is <= ' ' or > '~' or '\\') || !text.StartsWith(own.Scheme + "://", StringComparison.Ordinal)) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0) return null;
        // What we send is the text, not what a parser made of it: both must mean the same host.
        var authority = Authority(text);
        var same = authority.Equals(url.Authority, StringComparison.OrdinalIgnoreCase) || authority.Equals($"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase);
        return same && (IsOwn(url) || isKnown(url.Host, url.Port)) ? url : null;
    }

    public static string Shortened(string url) => url.Length <= Longest ? url : Path(url[..Longest], url);

    private static string Path(string cut, string whole)
    {
        var query = whole.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0 && query < cut.Length) return whole[..query];
        var path = whole.IndexOf('/', whole.IndexOf("://", StringComparison.Ordinal) + 3);
        return whole[..(path + 1)];
    }

    // Between "://" and the next "/", "?" or "#".
    private static string Authority(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? text[start..] : text.Substring(start, end);
    }
}
