using System.Buffers;
using System.Globalization;
using System.Text;

namespace Doorward.Server.Routes.Matching;

/// <summary>
/// The form in which paths of requests are matched: unreserved characters as themselves (RFC 3986 section 2.3), everything
/// else that must be escaped as %XX in upper case. What an operator writes is brought to it, so that both can be compared as texts.
/// </summary>
internal static class PathForm
{
    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    // RFC 3986 section 3.3: pchar and the slash, without %.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    /// <summary>Brings a written path to the form; null where no request's path can ever be it.</summary>
    public static string? Of(string written)
    {
        if (!written.StartsWith('/')) return null;
        var form = new StringBuilder(written.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in written.EnumerateRunes())
        {
            if (rune.Value == '%' || (rune.IsAscii && Allowed.Contains((char)rune.Value)))
            {
                form.Append((char)rune.Value);
                continue;
            }

            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is ' ' or '\\' or '?' or '#') return null;
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)]) form.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return Unescape(form) && !HasDotSegment(form.ToString()) ? form.ToString() : null;
    }

    private static bool Unescape(StringBuilder form)
    {
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] != '%') continue;
            if (i + 2 >= form.Length || !char.IsAsciiHexDigit(form[i + 1]) || !char.IsAsciiHexDigit(form[i + 2])) return false;
            var octet = (char)byte.Parse($"{form[i + 1]}{form[i + 2]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (octet is '\0' or '\\' or '%') return false;
            if (Unreserved.Contains(octet)) form.Remove(i, 3).Insert(i, octet);
            else (form[i + 1], form[i + 2]) = (char.ToUpperInvariant(form[i + 1]), char.ToUpperInvariant(form[i + 2]));
        }

        return true;
    }

    private static bool HasDotSegment(string path)
    {
        foreach (var segment in path.AsSpan().Split('/'))
        {
            var name = path.AsSpan(segment);
            var parameters = name.IndexOf(';');
            if ((parameters < 0 ? name : name[..parameters]) is "." or "..") return true;
        }

        return false;
    }
}
