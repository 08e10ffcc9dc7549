using System.Collections.Frozen;

namespace Doorward.Policy.Evaluation;

/// <summary>A set of texts, found by hash where they are several.</summary>
internal sealed class TextSet
{
    private readonly string? _only;
    private readonly FrozenSet<string> _texts = [];
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _spans;

    public TextSet(IReadOnlyList<string> texts)
    {
        // Most sets have one text, and a frozen set is dear to make.
        if (texts.Count == 1)
        {
            _only = texts[0];
            return;
        }

        _texts = texts.ToFrozenSet(StringComparer.Ordinal);
        _spans = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether a text is in the set; null is in none.</summary>
    public bool Contains(string? text) => text is not null && (_only is null ? _texts.Contains(text) : text == _only);

    /// <summary>Whether a text is in the set.</summary>
    public bool Contains(ReadOnlySpan<char> text) => _only is null ? _spans.Contains(text) : text.SequenceEqual(_only);
}
