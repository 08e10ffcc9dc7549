using System.Collections.Frozen;

namespace Doorward.Policy;

/// <summary>The value of a claim, an attribute or a record's field: one text, a list of texts, a boolean, a number or an instant.</summary>
/// <param name="Value"><see cref="string"/>, <see cref="IReadOnlyList{T}"/> of string, <see cref="bool"/>, <see cref="double"/> or <see cref="DateTimeOffset"/>.</param>
public readonly record struct FactValue(object Value)
{
    /// <summary>No fields at all.</summary>
    public static IReadOnlyDictionary<string, FactValue> NoFields { get; } = FrozenDictionary<string, FactValue>.Empty;
}
