namespace Doorward.Policy.Documents;

/// <summary>A piece of a document, with its place: what the policy parser and the configuration reader read.</summary>
/// <param name="Place">Where it begins.</param>
public abstract record Node(Place Place);

/// <summary>A single value.</summary>
/// <param name="Kind">Its type by its spelling.</param>
/// <param name="Text">Its text; for numbers and booleans, the spelling.</param>
/// <param name="Place">Where it begins.</param>
public sealed record ScalarNode(ScalarKind Kind, string Text, Place Place) : Node(Place);

/// <summary>A list.</summary>
/// <param name="Items">Its elements, in order.</param>
/// <param name="Place">Where it begins.</param>
public sealed record SequenceNode(IReadOnlyList<Node> Items, Place Place) : Node(Place);

/// <summary>A mapping with text keys, none of them twice.</summary>
/// <param name="Entries">Its entries, in the order written.</param>
/// <param name="Place">Where it begins.</param>
public sealed record MappingNode(IReadOnlyList<MappingEntry> Entries, Place Place) : Node(Place)
{
    /// <summary>The value under a key.</summary>
    /// <param name="key">The key, compared exactly.</param>
    /// <returns>The value, or null where the key is not there.</returns>
    public Node? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
                if (entry.Key == key) return entry.Value;
            return null;
        }
    }
}

/// <summary>One key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyPlace">Where the key is written.</param>
/// <param name="Value">The value.</param>
public sealed record MappingEntry(string Key, Place KeyPlace, Node Value);
