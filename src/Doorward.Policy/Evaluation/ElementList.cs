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
    private readonly IReadOnlyList<string>? _texts;
    private readonly ReadOnlySpan<char> _single;

    public ElementList(ReadOnlySpan<char> single)
    {
        _single = single;
        Count = 1;
    }

    public ElementList(IReadOnlyList<string> texts) => (_texts, Count) = (texts, texts.Count);

    public ElementList(GroupNames groups) => (Groups, Count) = (groups, groups.Groups.Length);

    public int Count { get; }

    /// <summary>The groups; null where it is a list of texts.</summary>
    public GroupNames? Groups { get; }

    public Element this[int index]
    {
        get
        {
            if (_texts is not null) return new Element(_texts[index]);
            if (Groups is null) return new Element(_single);
            ref readonly var group = ref Groups.Groups[index];
            return new Element(group.Id, group.Name, group.Email);
        }
    }
}
