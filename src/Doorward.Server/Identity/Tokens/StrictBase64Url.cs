using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Doorward.Server.Identity.Tokens;

/// <summary>RFC 7515 section 2: no padding, no white space, no unused bits. The platform's decoder forgives the first two.</summary>
internal static class StrictBase64Url
{
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;

        try
        {
            bytes = Base64Url.DecodeFromChars(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
