using System.Collections.Frozen;

namespace Doorward.Server.Identity.Providers;

/// <summary>How we prove to the provider's token endpoint who we are.</summary>
internal enum ClientAuthentication
{
    /// <summary>As the discovery document allows: Basic before Post; nothing without a secret.</summary>
    Automatic,
    Basic,
    Post,

    /// <summary>A signed assertion instead of a secret (RFC 7523).</summary>
    PrivateKey,
}

/// <summary>One identity provider, as the operator wrote it.</summary>
internal sealed class ProviderSettings
{
    /// <summary>Ours, unique; part of every person's id when there are several providers. Lower case, no slash.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's kind: one of <see cref="Preset.Names"/>.</summary>
    public required string Preset { get; init; }

    /// <summary>What the sign-in page calls it; the preset's title where null.</summary>
    public string? Title { get; init; }

    /// <summary>The issuer, or the address that the preset makes it from; the preset's own where null.</summary>
    public string? Url { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Never printed. Null for a public client, or with <see cref="PrivateKeyPem"/>.</summary>
    public string? ClientSecret { get; init; }

    public ClientAuthentication Authentication { get; init; }

    /// <summary>The key for signed client assertions and for Apple's secret (PKCS #8, P-256). Never printed.</summary>
    public string? PrivateKeyPem { get; init; }

    public string? PrivateKeyId { get; init; }

    /// <summary>Apple's team id.</summary>
    public string? TeamId { get; init; }

    /// <summary>Replaces the preset's scopes where not null.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Added to the authorization request; wins over the preset's.</summary>
    public IReadOnlyDictionary<string, string> AuthorizationParameters { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The signature algorithms of its id tokens; those that it announces where null, and never others than ours.</summary>
    public IReadOnlyList<string>? Algorithms { get; init; }

    /// <summary>Audiences that may stand beside our client id in its id tokens; none by default.</summary>
    public IReadOnlyList<string> OtherAudiences { get; init; } = [];

    /// <summary>Microsoft's tenants that may sign in, for an authority that serves many.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>The classes of authentication to ask for at every sign-in, best first.</summary>
    public IReadOnlyList<string> Acr { get; init; } = [];

    /// <summary>The claim that lists the groups, by path (<c>realm_access/roles</c>); the preset's where null.</summary>
    public string? GroupsClaim { get; init; }

    /// <summary>The claim of the id token that names the device, by path; the preset's where null.</summary>
    public string? DeviceClaim { get; init; }

    /// <summary>The provider leaves the claim out for people without a group; the preset's where null.</summary>
    public bool? AbsentGroupsMeanNone { get; init; }

    /// <summary>E-mail domains whose addresses this provider hands out: its word about them needs no <c>email_verified</c>.</summary>
    public IReadOnlyList<string> AuthoritativeDomains { get; init; } = [];

    /// <summary>E-mail domains whose people are led here by the sign-in page.</summary>
    public IReadOnlyList<string> SignInDomains { get; init; } = [];

    /// <summary>The only authorities that may vouch for the provider's certificate (PEM); the system's where null.</summary>
    public string? CaPem { get; init; }

    /// <summary>Requests to the provider under way at once on one node. 16: a sign-in takes three short ones, so some fifty people a second.</summary>
    public int Concurrency { get; init; } = 16;
}
