using System.Collections.Frozen;
using System.Net;
using Doorward.Policy.Evaluation;

namespace Doorward.Policy;

/// <summary>The locks in force, indexed so that ten thousand cost as much as one. Immutable.</summary>
public sealed class LockSet
{
    /// <summary>No locks.</summary>
    public static LockSet None { get; } = new([]);

    private readonly FrozenSet<string>[] _keys;
    private readonly bool[] _everything;
    private readonly bool _any;
    private readonly NetworkSet _networks;

    /// <summary>Indexes locks.</summary>
    /// <param name="locks">
    /// The locks; one that does not parse (an address that is none, an empty key) matches everything of its kind, because it must not open a door.
    /// </param>
    public LockSet(IReadOnlyList<Lock> locks)
    {
        All = locks;
        _any = locks.Count > 0;
        var kinds = Enum.GetValues<LockKind>();
        _keys = Array.ConvertAll(kinds, kind => locks.Where(held => held.Kind == kind).Select(held => held.Key ?? "").ToFrozenSet(StringComparer.Ordinal));
        _everything = Array.ConvertAll(kinds, kind => _keys[(int)kind].Contains(""));
        var networks = new List<IPNetwork>();
        foreach (var key in _keys[(int)LockKind.Address])
        {
            if (Networks.TryParse(key, out var network)) networks.Add(network);
            else _everything[(int)LockKind.Address] = true;
        }

        _networks = new NetworkSet(networks);
    }

    /// <summary>The locks, as given.</summary>
    public IReadOnlyList<Lock> All { get; }

    /// <summary>Whether a lock matches what is known. What is not known matches no lock.</summary>
    /// <param name="facts">What is known.</param>
    /// <returns>True where one does.</returns>
    public bool Matches(Facts facts)
    {
        if (!_any) return false;
        return (facts.SourceIp is { } address && (_everything[(int)LockKind.Address] || _networks.Contains(address)))
            || Matches(LockKind.Route, facts.Route)
            || Matches(LockKind.Session, facts.Session?.Id)
            || Matches(LockKind.Person, facts.Person?.Id)
            || Matches(LockKind.Device, facts.Device?.Id)
            || MatchesGroup(facts.Person?.Groups);
    }

    /// <summary>Whether a lock of a kind matches one thing.</summary>
    /// <param name="kind">The kind; not <see cref="LockKind.Address"/>, whose keys are networks.</param>
    /// <param name="key">Which one.</param>
    /// <returns>True where one does; false for null.</returns>
    public bool Matches(LockKind kind, string? key) => key is not null && (_everything[(int)kind] || _keys[(int)kind].Contains(key));

    private bool MatchesGroup(IReadOnlyList<GroupFact>? groups)
    {
        for (var i = 0; i < (groups?.Count ?? 0); i++)
            if (Matches(LockKind.Group, groups![i].Id)) return true;
        return false;
    }
}
