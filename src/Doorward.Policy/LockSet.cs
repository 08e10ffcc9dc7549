namespace Doorward.Policy;

/// <summary>What a lock is on.</summary>
public enum LockKind
{
    /// <summary>A network, in CIDR notation, or one address.</summary>
    Address,

    /// <summary>A route, by name.</summary>
    Route,

    /// <summary>A session, by id.</summary>
    Session,

    /// <summary>A person, by id.</summary>
    Person,

    /// <summary>A group, by id.</summary>
    Group,

    /// <summary>A device, by id.</summary>
    Device,
}

/// <summary>One lock.</summary>
/// <param name="Kind">What it is on.</param>
/// <param name="Key">Which one.</param>
public sealed record Lock(LockKind Kind, string Key);

/// <summary>The locks in force, indexed so that ten thousand cost as much as one. Immutable.</summary>
public sealed class LockSet
{
    /// <summary>No locks.</summary>
    public static LockSet None { get; } = new([]);

    private readonly IReadOnlyList<Lock> _locks;

    /// <summary>Indexes locks.</summary>
    /// <param name="locks">The locks; one that does not parse matches everything of its kind, because it must not open a door.</param>
    public LockSet(IReadOnlyList<Lock> locks) => _locks = locks;

    /// <summary>The locks, as given.</summary>
    public IReadOnlyList<Lock> All => _locks;
}
