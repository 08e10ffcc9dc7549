namespace Doorward.Policy.Evaluation;

/// <summary>
/// What of a text is compared in lower case. Only A to Z are folded: a wider folding would make a name of other letters equal to an ASCII one.
/// </summary>
internal enum Folding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Everything: host names and domains.</summary>
    All,

    /// <summary>What follows the first «@»: e-mail addresses.</summary>
    Domain,
}

/// <summary>Folds texts, without allocating where they are as short as names are.</summary>
internal static class FoldingExtensions
{
    /// <summary>Longer texts are folded on the heap. A host name has at most 253 characters, an address 320.</summary>
    public const int BufferLength = 320;

    /// <summary>From where on a text is folded; its length where nothing needs to be.</summary>
    public static int Start(this Folding folding, ReadOnlySpan<char> text)
    {
        var start = folding switch { Folding.None => text.Length, Folding.Domain => text.IndexOf('@') + 1, _ => 0 };
        return (folding == Folding.Domain && start == 0) || !text[start..].ContainsAnyInRange('A', 'Z') ? text.Length : start;
    }

    /// <summary>Copies a text into a buffer of its length, folded from a place on.</summary>
    public static void CopyFolded(ReadOnlySpan<char> text, int start, Span<char> buffer)
    {
        text.CopyTo(buffer);
        foreach (ref var letter in buffer[start..])
            if (char.IsAsciiLetterUpper(letter)) letter |= ' ';
    }

    /// <summary>An operand as it is compared.</summary>
    public static string Fold(this Folding folding, string operand) =>
        string.Create(operand.Length, (operand, start: folding.Start(operand)), static (buffer, state) => CopyFolded(state.operand, state.start, buffer));
}
