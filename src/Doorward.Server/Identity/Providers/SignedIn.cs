using Doorward.Policy;

namespace Doorward.Server.Identity.Providers;

/// <summary>What a provider said about a person who has just signed in, or whose tokens were refreshed.</summary>
internal sealed record SignedIn
{
    /// <summary>Our name for the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The person's <c>sub</c>: with the provider, who they are.</summary>
    public required string Subject { get; init; }

    /// <summary>Null where the provider did not say; Apple says it once.</summary>
    public string? Name { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    /// <summary>Null where the provider did not deliver any; empty where it said «none».</summary>
    public IReadOnlyList<GroupFact>? Groups { get; init; }

    /// <summary>All other claims, nested ones joined with «/»; without those that differ with every token.</summary>
    public IReadOnlyDictionary<string, FactValue> Claims { get; init; } = FactValue.NoFields;

    public string? Acr { get; init; }

    public IReadOnlyList<string>? Amr { get; init; }

    public DateTimeOffset? AuthTime { get; init; }

    /// <summary>The provider's own session id, which its logout tokens name.</summary>
    public string? ProviderSessionId { get; init; }

    /// <summary>When the person was sent to the provider; null where they were not, as for a refresh.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>The provider's id of the device that the person signed in on; null where it did not say.</summary>
    public string? Device { get; init; }

    /// <summary>The device's whole id.</summary>
    public string? DeviceId => Device is { } device ? Devices.Device.IdOf(Provider, device) : null;

    public required ProviderTokens Tokens { get; init; }
}

/// <summary>A provider's tokens; encrypted wherever they rest.</summary>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token; null where none was given.</param>
/// <param name="Id">The id token; null for plain OAuth 2.</param>
/// <param name="Expires">When the access token ends; null where it does not, or the provider did not say.</param>
internal sealed record ProviderTokens(string Access, string? Refresh, string? Id, DateTimeOffset? Expires)
{
    // A record prints its members: these must appear in no log.
    public override string ToString() => nameof(ProviderTokens);
}
