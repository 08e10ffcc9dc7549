using System.Numerics;

namespace Doorward.Policy;

/// <summary>A set of rules of one policy, by index. Allocates only above 64 rules.</summary>
public readonly partial struct RuleSet : IEquatable<RuleSet>
{
    private readonly ulong _first;
    private readonly ulong[]? _further;

    private RuleSet(ulong first, ulong[]? further) => (_first, _further) = (first, further);

    /// <summary>No rules.</summary>
    public static RuleSet None => default;

    /// <summary>Whether no rule is in the set.</summary>
    public bool IsEmpty => _first == 0 && _further is null;

    /// <summary>The set with one more rule.</summary>
    /// <param name="index">The rule's index, from 0.</param>
    /// <returns>The set.</returns>
    public RuleSet With(int index)
    {
        if (index < 64) return new RuleSet(_first | 1UL << index, _further);
        var further = new ulong[Math.Max(_further?.Length ?? 0, index / 64)];
        _further?.CopyTo(further, 0);
        further[index / 64 - 1] |= 1UL << index % 64;
        return new RuleSet(_first, further);
    }

    /// <summary>The rules of both sets.</summary>
    /// <param name="other">The other set.</param>
    /// <returns>The set.</returns>
    public RuleSet Union(RuleSet other)
    {
        if (_further is null && other._further is null) return new RuleSet(_first | other._first, null);
        var union = new ulong[Math.Max(_further?.Length ?? 0, other._further?.Length ?? 0)];
        for (var word = 0; word < union.Length; word++) union[word] = Word(word) | other.Word(word);
        return new RuleSet(_first | other._first, union);
    }

    /// <summary>Whether a rule is in the set.</summary>
    /// <param name="index">The rule's index, from 0.</param>
    /// <returns>True where it is.</returns>
    public bool Has(int index)
    {
        var word = index < 64 ? _first : Word(index / 64 - 1);
        return (word >> index % 64 & 1) != 0;
    }

    /// <summary>The indexes in rising order.</summary>
    /// <returns>The indexes.</returns>
    public IReadOnlyList<int> Indexes()
    {
        var indexes = new List<int>();
        Append(indexes, _first, 0);
        for (var word = 0; word < (_further?.Length ?? 0); word++) Append(indexes, _further![word], (word + 1) * 64);
        return indexes;
    }

    /// <inheritdoc/>
    public bool Equals(RuleSet other) =>
        _first == other._first && (_further ?? []).AsSpan().SequenceEqual(other._further ?? []);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RuleSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>Whether two sets hold the same rules.</summary>
    /// <param name="left">One set.</param>
    /// <param name="right">The other.</param>
    /// <returns>True where they do.</returns>
    public static bool operator ==(RuleSet left, RuleSet right) => left.Equals(right);

    /// <summary>Whether two sets differ.</summary>
    /// <param name="left">One set.</param>
    /// <param name="right">The other.</param>
    /// <returns>True where they do.</returns>
    public static bool operator !=(RuleSet left, RuleSet right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Indexes());

    private ulong Word(int word) => _further is not null && word < _further.Length ? _further[word] : 0;

    private static void Append(List<int> indexes, ulong bits, int offset)
    {
        for (; bits != 0; bits &= bits - 1) indexes.Add(offset + BitOperations.TrailingZeroCount(bits));
    }
}
