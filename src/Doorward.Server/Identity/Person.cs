using Doorward.Policy;

namespace Doorward.Server.Identity;

/// <summary>A person: one per provider and subject, never an e-mail (merging by e-mail is account takeover). Immutable.</summary>
internal sealed record Person
{
    /// <summary>Injective: with more than one provider, <c>provider/subject</c>.</summary>
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public required string Subject { get; init; }

    public string? Name { get; init; }

    /// <summary>Raised with every change; part of the key of remembered assertions.</summary>
    public required long Version { get; init; }

    /// <summary>The last level of risk told; null where nobody has.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>What policies may know; made once per version, so that judging allocates nothing.</summary>
    public required PersonFacts Facts { get; init; }
}
