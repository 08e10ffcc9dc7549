namespace Doorward.DevIdp.People;

/// <summary>Somebody who can sign in here. Immutable; a change makes a new one.</summary>
internal sealed record Person
{
    public required string UserName { get; init; }

    /// <summary>Never reused, and not made of the name: people change names.</summary>
    public required string Subject { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public bool EmailVerified { get; init; } = true;

    /// <summary>Shown on the pages: this provider is for trying out.</summary>
    public required string Password { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool Active { get; init; } = true;

    /// <summary>The device that they sign in from.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Null: nobody has told.</summary>
    public bool? DeviceCompliant { get; init; }

    /// <summary>The instant from which they may no longer sign in or refresh.</summary>
    public DateTimeOffset? EndDate { get; init; }

    public bool MaySignIn(DateTimeOffset now) => Active && !(EndDate <= now);
}

/// <summary>One change of one person.</summary>
internal sealed record PersonChange(Person Before, Person After);
