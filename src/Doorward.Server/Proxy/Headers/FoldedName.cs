namespace Doorward.Server.Proxy.Headers;

/// <summary>
/// Compares header names as the laxest upstream does: CGI and its heirs (WSGI, PHP, Rack) fold case, and read <c>-</c>, <c>_</c> and, some,
/// <c>.</c> as one character. So <c>X_Forwarded.For</c> is X-Forwarded-For.
/// </summary>
internal sealed class FoldedName : IEqualityComparer<string>
{
    public static FoldedName Comparer { get; } = new();

    public static char Fold(char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        '_' or '.' => '-',
        _ => c,
    };

    public static bool StartsWith(string name, string folded)
    {
        if (name.Length < folded.Length)
            return false;
        for (var i = 0; i < folded.Length; i++)
        {
            if (Fold(name[i]) != folded[i])
                return false;
        }

        return true;
    }

    public bool Equals(string? x, string? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null || x.Length != y.Length)
            return false;
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] != y[i] && Fold(x[i]) != Fold(y[i]))
                return false;
        }

        return true;
    }

    // Few names are known, so a weak hash of the ends is good enough, and cheap: a collision costs one comparison.
    public int GetHashCode(string name) =>
        name.Length == 0 ? 0 : name.Length | (Fold(name[0]) << 8) | (Fold(name[^1]) << 16) | (Fold(name[name.Length / 2]) << 24);
}
