namespace Doorward.Server.Routes.Reading;

/// <summary>«Did you mean»: the nearest of what could have been written.</summary>
internal static class Suggestion
{
    /// <summary>The candidate with the fewest edits; null where none is near enough to be a slip of the finger.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        if (written.Length > 64) return null;
        var folded = written.Replace('-', '_').ToLowerInvariant();
        return (from candidate in candidates
                let distance = Distance(folded, candidate)
                where distance <= Math.Max(1, candidate.Length / 4)
                orderby distance, candidate
                select candidate).FirstOrDefault();
    }

    // Levenshtein's, and a swap of neighbours counts one.
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, table[i - 2, j - 2] + 1);
                table[i, j] = best;
            }
        }

        return table[a.Length, b.Length];
    }
}
