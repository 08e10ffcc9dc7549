namespace Doorward.Policy.Evaluation;

/// <summary>A person's groups with the hashes of all their names, made once a person: a decision hashes nothing and compares only what is the same.</summary>
internal sealed class GroupNames
{
    /// <summary>So many operands are looked for one by one among the hashes, which are compared eight at once; of more, the person's names are looked for.</summary>
    private const int FewOperands = 8;

    private readonly GroupFact[] _groups;

    /// <summary>Of id, name and e-mail of each group in turn; zero where there is none.</summary>
    private readonly int[] _hashes;

    public GroupNames(IEnumerable<GroupFact> groups)
    {
        _groups = [.. groups];
        _hashes = [.. _groups.SelectMany(group => new[] { TextSet.Hash(group.Id), TextSet.Hash(group.Name), TextSet.Hash(group.Email) })];
    }

    public GroupFact[] Groups => _groups;

    /// <summary>Whether a group goes by one of some names.</summary>
    public bool HasAny(TextSet names)
    {
        if (names.Count > Math.Min(FewOperands, _hashes.Length)) return HasAnyOfMany(names);
        var hashes = names.Hashes;
        for (var place = 0; place < hashes.Length; place++)
            if (hashes[place] != 0 && Has(names.TextAt(place), hashes[place])) return true;
        return false;
    }

    /// <summary>Whether a group goes by a name whose hash is known.</summary>
    public bool Has(string name, int hash)
    {
        for (var start = 0; ; start++)
        {
            var found = _hashes.AsSpan(start).IndexOf(hash);
            if (found < 0) return false;
            start += found;
            if (NameAt(start) == name) return true;
        }
    }

    private bool HasAnyOfMany(TextSet names)
    {
        for (var i = 0; i < _hashes.Length; i++)
            if (_hashes[i] is var hash && hash != 0 && names.HasHash(hash) && names.Contains(NameAt(i), hash)) return true;
        return false;
    }

    private string? NameAt(int place)
    {
        ref readonly var group = ref _groups[place / 3];
        return (place % 3) switch { 0 => group.Id, 1 => group.Name, _ => group.Email };
    }
}
