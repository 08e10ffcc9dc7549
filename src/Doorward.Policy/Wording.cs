using System.Globalization;
using System.Text;

namespace Doorward.Policy;

/// <summary>How messages quote what people wrote, and guess what they meant.</summary>
public static class Wording
{
    private const int LongestQuote = 60;

    /// <summary>Quotes a name or value in «» on one line: shortened where it is long, without characters that would break the line.</summary>
    /// <param name="text">What to quote.</param>
    /// <returns>The quotation.</returns>
    public static string Quote(string text)
    {
        var quote = new StringBuilder("«");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quote.Length > LongestQuote) return quote.Append("…»").ToString();
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format) quote.Append('\uFFFD');
            else quote.Append(rune.ToString());
        }

        return quote.Append('»').ToString();
    }

    /// <summary>Names alternatives: <c>a, b or c</c>.</summary>
    /// <param name="names">The names.</param>
    /// <returns>The list.</returns>
    public static string Or(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        1 => names[0],
        _ => string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1],
    };

    /// <summary>Counts: <c>1 route</c>, <c>2 routes</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What any other number is called; with an s behind it where null.</param>
    /// <returns>The number and the word.</returns>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>The name that was probably meant: the nearest that differs by few letters.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">What there is.</param>
    /// <returns>The name, or null where none is near.</returns>
    public static string? Nearest(string written, IEnumerable<string> names)
    {
        if (written.Length > LongestQuote) return null;
        var (best, bestDistance) = ((string?)null, Math.Max(1, written.Length / 3) + 1);
        foreach (var name in names)
        {
            var distance = Distance(written.ToLowerInvariant().Replace('-', '_'), name);
            if (distance < bestDistance) (best, bestDistance) = (name, distance);
        }

        return best;
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
