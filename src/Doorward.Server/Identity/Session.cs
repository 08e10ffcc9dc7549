using Doorward.Policy;

namespace Doorward.Server.Identity;

/// <summary>One person in one browser, or one machine. Immutable; a change makes a new version.</summary>
internal sealed record Session
{
    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>The absolute end; exact to one second.</summary>
    public required DateTimeOffset Expires { get; init; }

    public required long Version { get; init; }

    public required SessionFacts Facts { get; init; }

    /// <summary>The last level of risk told; null where nobody has.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>The id of the device that it was begun on; null where nobody told.</summary>
    public string? Device { get; init; }

    /// <summary>The provider's own id of it; null where it told none.</summary>
    public string? ProviderSession { get; init; }

    /// <summary>The service account's id, where a machine asks; null for a person.</summary>
    public string? ServiceAccount { get; init; }

    /// <summary>The hash of the secret that a machine showed; each of an account's secrets ends by itself. Null for a person.</summary>
    public string? Credential { get; init; }

    /// <summary>The routes that the session may use; null for all (only service accounts are bound).</summary>
    public IReadOnlySet<string>? Routes { get; init; }
}
