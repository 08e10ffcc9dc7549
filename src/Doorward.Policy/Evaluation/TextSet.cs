using System.Numerics;

namespace Doorward.Policy.Evaluation;

/// <summary>A set of texts, found by hash where they are several. Who knows a text's hash already passes it.</summary>
/// <remarks>The hash differs from process to process, so that nobody can choose texts that collide; what is in the set does not, for texts are compared.</remarks>
internal sealed class TextSet
{
    private readonly int[] _hashes;
    private readonly string[] _texts;
    private readonly string? _only;

    public TextSet(IReadOnlyCollection<string> texts)
    {
        // At least half of the places stay empty, so that every search ends soon.
        _hashes = new int[(int)BitOperations.RoundUpToPowerOf2((uint)texts.Count * 2 | 1)];
        _texts = new string[_hashes.Length];
        foreach (var text in texts) Add(text);
        if (Count == 1) _only = texts.First();
    }

    /// <summary>How many different texts there are.</summary>
    public int Count { get; private set; }

    /// <summary>The hashes of the texts, and zeros between them.</summary>
    public ReadOnlySpan<int> Hashes => _hashes;

    /// <summary>A text's hash, never zero; zero for none.</summary>
    public static int Hash(string? text) => text is null ? 0 : Hash(text.AsSpan());

    /// <summary>The text whose hash is at a place of <see cref="Hashes"/>.</summary>
    public string TextAt(int place) => _texts[place];

    /// <summary>Whether a text is in the set; null is in none.</summary>
    public bool Contains(string? text) => text is not null && Contains(text.AsSpan());

    /// <summary>Whether a text is in the set.</summary>
    public bool Contains(ReadOnlySpan<char> text) => _only is null ? Contains(text, Hash(text)) : text.SequenceEqual(_only);

    /// <summary>Whether a text is in the set, by its hash.</summary>
    public bool Contains(ReadOnlySpan<char> text, int hash)
    {
        for (var place = hash; _hashes[place & (_hashes.Length - 1)] is var found && found != 0; place++)
            if (found == hash && text.SequenceEqual(_texts[place & (_hashes.Length - 1)])) return true;
        return false;
    }

    /// <summary>Whether some text in the set has this hash.</summary>
    public bool HasHash(int hash)
    {
        for (var place = hash; _hashes[place & (_hashes.Length - 1)] is var found && found != 0; place++)
            if (found == hash) return true;
        return false;
    }

    private static int Hash(ReadOnlySpan<char> text) => string.GetHashCode(text) is var hash && hash != 0 ? hash : 1;

    private void Add(string text)
    {
        var hash = Hash(text);
        var place = hash;
        while (_hashes[place & (_hashes.Length - 1)] is var taken && taken != 0)
        {
            if (taken == hash && _texts[place & (_hashes.Length - 1)] == text) return;
            place++;
        }

        (_hashes[place & (_hashes.Length - 1)], _texts[place & (_hashes.Length - 1)]) = (hash, text);
        Count++;
    }
}
