using System.Collections.Frozen;

namespace Doorward.Policy;

/// <summary>
/// The names that a policy's criteria mention. Facts under other names cannot change its answer, so a record that is to be
/// replayed need not keep them.
/// </summary>
public sealed class FactNames
{
    /// <summary>Nothing is known of what is read: keep everything.</summary>
    public static FactNames Everything { get; } = new() { All = true };

    /// <summary>Whether everything is to be kept; the lists below then do not count.</summary>
    public bool All { get; init; }

    /// <summary>Whether some criterion compares the whole list of groups (<c>is</c>), not only single ones.</summary>
    public bool WholeGroups { get; init; }

    /// <summary>Groups, by id, name or e-mail; compare ignoring case.</summary>
    public FrozenSet<string> Groups { get; init; } = [];

    /// <summary>Claims, with nested ones joined by «/».</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Attributes of the person.</summary>
    public IReadOnlyList<string> PersonAttributes { get; init; } = [];

    /// <summary>Attributes of the device.</summary>
    public IReadOnlyList<string> DeviceAttributes { get; init; } = [];

    /// <summary>Request headers.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Query parameters.</summary>
    public IReadOnlyList<string> QueryParameters { get; init; } = [];

    /// <summary>Types of external records.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>Whether a group is among those that matter.</summary>
    /// <param name="group">The group.</param>
    /// <returns>True where a record that is to be replayed keeps it.</returns>
    public bool Keeps(GroupFact group) =>
        All || WholeGroups || Groups.Contains(group.Id) || (group.Name is { } name && Groups.Contains(name)) || (group.Email is { } email && Groups.Contains(email));
}
