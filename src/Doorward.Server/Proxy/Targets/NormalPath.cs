using System.Buffers;
using System.Text;

namespace Doorward.Server.Proxy.Targets;

/// <summary>Brings a path into the normal form of <see cref="RequestTarget"/>, or says why it cannot be.</summary>
internal static class NormalPath
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(QueryCheck.Visible('#', '%', ';', '\\', '?'));

    // Any of these may be, or become, a dot segment or an empty element.
    private static readonly SearchValues<string> Suspicious = SearchValues.Create(["/.", "./", "//"], StringComparison.Ordinal);

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>True where the path is normal, has no escapes, and can be read in one way only.</summary>
    public static bool IsPlain(ReadOnlySpan<char> path) =>
        path.IndexOfAnyExcept(Plain) < 0 && !path.ContainsAny(Suspicious) && path[^1] != '.';

    /// <summary>The outcomes are null where the path is normal as it stands, and where every server reads it in the same way.</summary>
    public static Defect Normalise(ReadOnlySpan<char> path, out string? normal, out string? lenient, out bool encodedSlash)
    {
        normal = lenient = null;
        encodedSlash = false;
        var pooled = path.Length > 256 ? ArrayPool<char>.Shared.Rent(2 * path.Length) : null;
        try
        {
            var buffer = pooled ?? stackalloc char[512];
            var defect = Unescape(path, buffer, out var length);
            var result = buffer[..length];
            if (defect == Defect.None && IsEncodedTwice(result))
                defect = Defect.DoubleEncoding;
            if (defect == Defect.None)
                defect = LenientPath.Read(result, buffer[length..], out lenient);
            if (defect != Defect.None)
                return defect;
            encodedSlash = result.IndexOf("%2F") >= 0;
            normal = result.SequenceEqual(path) ? null : result.ToString();
            return Defect.None;
        }
        finally
        {
            if (pooled is not null)
                ArrayPool<char>.Shared.Return(pooled);
        }
    }

    private static Defect Unescape(ReadOnlySpan<char> path, Span<char> buffer, out int length)
    {
        length = 0;
        for (var i = 0; i < path.Length;)
        {
            var c = path[i];
            if (c != '%')
            {
                if (c is <= ' ' or '\\' or '#' or >= '\u007F')
                    return QueryCheck.Classify(c);
                buffer[length++] = c;
                i++;
                continue;
            }

            if (!TryByte(path[i..], out var b))
                return Defect.BadEscape;
            if (b < 0x20 || b == 0x7F)
                return Defect.ControlCharacter;
            if (b == '\\')
                return Defect.Backslash;
            if (Unreserved.Contains((char)b))
            {
                buffer[length++] = (char)b;
                i += 3;
                continue;
            }

            var bytes = 1;
            if (b >= 0x80)
            {
                var defect = CheckRune(path[i..], out bytes);
                if (defect != Defect.None)
                    return defect;
            }

            for (var end = i + (3 * bytes); i < end; i++)
                buffer[length++] = char.ToUpperInvariant(path[i]);
        }

        return Defect.None;
    }

    /// <summary>One escaped character above ASCII; overlong forms, surrogates and the controls U+0080 to U+009F are refused.</summary>
    private static Defect CheckRune(ReadOnlySpan<char> escapes, out int bytes)
    {
        Span<byte> utf8 = stackalloc byte[4];
        bytes = 0;
        while (bytes < 4 && TryByte(escapes[(3 * bytes)..], out var b) && (bytes == 0 || (b & 0xC0) == 0x80))
            utf8[bytes++] = b;
        var status = Rune.DecodeFromUtf8(utf8[..bytes], out var rune, out var consumed);
        if (status != OperationStatus.Done)
            return Defect.InvalidUtf8;
        bytes = consumed;
        return Rune.IsControl(rune) ? Defect.ControlCharacter : Defect.None;
    }

    private static bool IsEncodedTwice(ReadOnlySpan<char> normal)
    {
        for (var at = normal.IndexOf("%25"); at >= 0;)
        {
            var rest = normal[(at + 3)..];
            if (rest.Length >= 2 && char.IsAsciiHexDigit(rest[0]) && char.IsAsciiHexDigit(rest[1]))
                return true;
            var next = rest.IndexOf("%25");
            at = next < 0 ? -1 : at + 3 + next;
        }

        return false;
    }

    private static bool TryByte(ReadOnlySpan<char> escape, out byte value)
    {
        value = 0;
        if (escape.Length < 3 || escape[0] != '%' || !char.IsAsciiHexDigit(escape[1]) || !char.IsAsciiHexDigit(escape[2]))
            return false;
        value = (byte)((Hex(escape[1]) << 4) | Hex(escape[2]));
        return true;
    }

    private static int Hex(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
