namespace Doorward.Policy.Documents;

/// <summary>A mapping or sequence whose end has not been read.</summary>
internal sealed class OpenNode(bool isMapping, Place place)
{
    private readonly List<Node> _items = [];
    private readonly List<MappingEntry> _entries = [];
    private (string? Key, Place Place)? _key;
    private Dictionary<string, Place>? _keys;

    public bool IsMapping => isMapping;

    public Place Place => place;

    /// <summary>The keys so far, to find those written twice.</summary>
    public Dictionary<string, Place> Keys => _keys ??= new(StringComparer.Ordinal);

    public bool AwaitsKey => isMapping && _key is null;

    public bool CanEnd => _key is null;

    /// <summary>Notes the key of the next value; null drops that value.</summary>
    public void SetKey(string? key, Place keyPlace) => _key = (key, keyPlace);

    /// <summary>Adds an element, or the value of the key noted; null for one that had a problem.</summary>
    public void Add(Node? node)
    {
        if (!isMapping)
        {
            if (node is not null) _items.Add(node);
        }
        else if (_key is null)
        {
            SetKey(null, place);
        }
        else
        {
            if (node is not null && _key is (string key, var keyPlace)) _entries.Add(new MappingEntry(key, keyPlace, node));
            _key = null;
        }
    }

    public Node ToNode() => isMapping ? new MappingNode(_entries, place) : new SequenceNode(_items, place);
}
