namespace Doorward.Policy;

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
