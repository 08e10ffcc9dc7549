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
