using System.Runtime.InteropServices;

namespace Doorward.Policy.Evaluation;

/// <summary>One element of a list: a text, or a group with the names that sources know it by.</summary>
internal readonly ref struct Element(ReadOnlySpan<char> id, string? name = null, string? email = null)
{
    public ReadOnlySpan<char> Id { get; } = id;

    public string? Name { get; } = name;

    public string? Email { get; } = email;
}

/// <summary>A list of texts, of groups, or of one text, seen as one kind of list without copying.</summary>
internal readonly ref struct ElementList
{
    private readonly IReadOnlyList<GroupFact>? _otherGroups;
    private readonly IReadOnlyList<string>? _texts;
    private readonly ReadOnlySpan<char> _single;

    public ElementList(ReadOnlySpan<char> single)
    {
        _single = single;
        Count = 1;
    }

    public ElementList(IReadOnlyList<string> texts) => (_texts, Count) = (texts, texts.Count);

    public ElementList(IReadOnlyList<GroupFact> groups)
    {
        Count = groups.Count;
        if (groups is GroupFact[] array) Groups = array;
        else if (groups is List<GroupFact> list) Groups = CollectionsMarshal.AsSpan(list);
        else _otherGroups = groups;
    }

    public int Count { get; }

    /// <summary>The groups where they lie in one piece, to walk them without copying; empty where they do not, or it is no list of groups.</summary>
    public ReadOnlySpan<GroupFact> Groups { get; }

    public Element this[int index]
    {
        get
        {
            if (_texts is not null) return new Element(_texts[index]);
            if (Groups.IsEmpty && _otherGroups is null) return new Element(_single);
            var group = _otherGroups is null ? Groups[index] : _otherGroups[index];
            return new Element(group.Id, group.Name, group.Email);
        }
    }
}
