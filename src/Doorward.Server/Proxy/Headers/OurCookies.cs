using System.Text;
using Microsoft.Extensions.Primitives;

namespace Doorward.Server.Proxy.Headers;

/// <summary>Keeps Doorward's cookies between the browser and Doorward: no upstream sees one, and none sets one.</summary>
internal static class OurCookies
{
    private const string HostPrefix = "__Host-";
    private const string SecurePrefix = "__Secure-";

    /// <summary>The Cookie header without ours; null where nothing is left. The same string where none is ours.</summary>
    public static string? Remove(StringValues values)
    {
        var text = values.Count == 1 ? values[0] : string.Join("; ", values.ToArray());
        if (string.IsNullOrEmpty(text))
            return null;
        if (!text.Contains(Product.CookiePrefix, StringComparison.OrdinalIgnoreCase))
            return text;
        StringBuilder? kept = null;
        foreach (var range in text.AsSpan().Split(';'))
        {
            var cookie = text.AsSpan()[range].Trim();
            if (cookie.IsEmpty || IsOurs(NameOf(cookie)))
                continue;
            kept ??= new StringBuilder(text.Length);
            if (kept.Length > 0)
                kept.Append("; ");
            kept.Append(cookie);
        }

        return kept?.ToString();
    }

    /// <summary>Whether an upstream's Set-Cookie would set a cookie of ours.</summary>
    public static bool Sets(ReadOnlySpan<char> setCookie)
    {
        var end = setCookie.IndexOf(';');
        return IsOurs(NameOf(end < 0 ? setCookie : setCookie[..end]));
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> cookie)
    {
        var equals = cookie.IndexOf('=');
        var name = (equals < 0 ? cookie : cookie[..equals]).Trim();
        // A browser sends a cookie without a name, "=__Host-x=1", as "__Host-x=1" (RFC 6265bis, 5.7).
        return equals == 0 ? NameOf(cookie[1..]) : name;
    }

    private static bool IsOurs(ReadOnlySpan<char> name)
    {
        if (name.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase))
            name = name[HostPrefix.Length..];
        else if (name.StartsWith(SecurePrefix, StringComparison.OrdinalIgnoreCase))
            name = name[SecurePrefix.Length..];
        return name.StartsWith(Product.CookiePrefix, StringComparison.OrdinalIgnoreCase);
    }
}
