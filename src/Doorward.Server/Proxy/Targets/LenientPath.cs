namespace Doorward.Server.Proxy.Targets;

/// <summary>
/// Reads a normal path as the most forgiving servers do: Tomcat drops <c>;parameters</c>, nginx merges slashes, some decode %2F,
/// Windows drops dots and spaces at an element's end, and a few fold full-width forms. Used only to tell where readings differ.
/// </summary>
internal static class LenientPath
{
    // In normal form, so upper-case. A full-width dot or slash is the plain one after compatibility folding (NFKC).
    private static readonly (string Escape, string Reading)[] Readings =
    [
        ("%2F", "/"),
        ("%3B", ";"),
        ("%EF%BC%8F", "/"),
        ("%EF%BC%BC", "/"),
        ("%EF%BC%8E", "."),
        ("%E2%80%A4", "."),
        ("%EF%B9%92", "."),
        ("%E2%80%A5", ".."),
    ];

    /// <param name="path">In normal form.</param>
    /// <param name="scratch">At least as long as the path.</param>
    /// <param name="lenient">Null where it is the same as the path.</param>
    /// <returns><see cref="Defect.DotSegment"/> where an element is nothing but dots, as some server reads it.</returns>
    public static Defect Read(ReadOnlySpan<char> path, Span<char> scratch, out string? lenient)
    {
        lenient = null;
        var length = 0;
        var start = 0;
        var inParameters = false;
        for (var i = 0; i < path.Length;)
        {
            var reading = ReadingAt(path[i..], out var consumed);
            i += consumed;
            if (reading is "/")
            {
                if (!TryEnd(scratch[start..length], out var kept))
                    return Defect.DotSegment;
                // An element that reads as nothing leaves one slash, not two.
                length = start + kept;
                if (length == 0 || scratch[length - 1] != '/')
                    scratch[length++] = '/';
                start = length;
                inParameters = false;
                continue;
            }

            inParameters |= reading is ";";
            if (inParameters)
                continue;
            reading.CopyTo(scratch[length..]);
            length += reading.Length;
        }

        if (!TryEnd(scratch[start..length], out var last))
            return Defect.DotSegment;
        length = start + last;
        lenient = path.SequenceEqual(scratch[..length]) ? null : scratch[..length].ToString();
        return Defect.None;
    }

    private static ReadOnlySpan<char> ReadingAt(ReadOnlySpan<char> rest, out int consumed)
    {
        if (rest[0] == '%')
        {
            foreach (var (escape, reading) in Readings)
            {
                if (rest.StartsWith(escape))
                {
                    consumed = escape.Length;
                    return reading;
                }
            }
        }

        consumed = 1;
        return rest[..1];
    }

    /// <summary>Drops dots and spaces at the element's end; false where it is a dot segment.</summary>
    private static bool TryEnd(ReadOnlySpan<char> element, out int kept)
    {
        var rest = element;
        while (rest.EndsWith(".") || rest.EndsWith("%20"))
            rest = rest[..^(rest[^1] == '.' ? 1 : 3)];
        kept = rest.Length;
        return kept > 0 || !element.Contains('.');
    }
}
