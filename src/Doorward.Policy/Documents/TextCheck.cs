namespace Doorward.Policy.Documents;

/// <summary>Finds characters that make a text look other than it is.</summary>
internal static class TextCheck
{
    /// <summary>
    /// The first code unit that is a control character (but tab, line feed and carriage return), half of a surrogate pair, a byte order mark, or one
    /// that turns the direction of writing (a reviewer would see another text than the program does); -1 for none.
    /// </summary>
    public static int IndexOfDeceptive(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and < '\u007F' or '\t' or '\n' or '\r') continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\uFEFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')) return i;
        }

        return -1;
    }
}
