using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>Holds the claims of one kind of token, whose signature is judged elsewhere, against the rules.</summary>
internal delegate TokenRefusal ClaimCheck(JsonElement claims, SigningAlgorithm algorithm, TokenRules rules, DateTimeOffset now);

/// <summary>A kind of token: the <c>typ</c> that keeps it from being taken for another (RFC 8725 section 3.11), and what its claims must be.</summary>
/// <param name="Names">As in the header, without <c>application/</c>.</param>
/// <param name="MayBeAbsent">Only for kinds that are older than the rule.</param>
/// <param name="Check">What its claims must be.</param>
internal sealed record TokenTypes(IReadOnlyList<string> Names, bool MayBeAbsent, ClaimCheck Check)
{
    public static TokenTypes IdToken { get; } = new(["JWT"], MayBeAbsent: true, TokenClaims.Check);

    /// <summary>OpenID Connect Back-Channel Logout 1.0 section 2.4. Its <c>typ</c> is newer than most providers; its claims keep it apart too.</summary>
    public static TokenTypes LogoutToken { get; } = new(["logout+jwt", "JWT"], MayBeAbsent: true, LogoutClaims.Check);

    /// <summary>RFC 8417, as Shared Signals Framework 1.0 section 4 narrows it.</summary>
    public static TokenTypes SecurityEvent { get; } = new(["secevent+jwt"], MayBeAbsent: false, SecurityEventClaims.Check);
}

/// <summary>What a token must say to be believed here and now.</summary>
internal sealed record TokenRules
{
    public required TokenTypes Types { get; init; }

    /// <summary>The algorithms that its sender uses; a subset of <see cref="SigningAlgorithm.Names"/>.</summary>
    public required IReadOnlySet<string> Algorithms { get; init; }

    /// <summary>Compared byte by byte, as OpenID Connect Core section 3.1.3.7 wants it: a trailing slash is another issuer.</summary>
    public required IssuerRule Issuer { get; init; }

    /// <summary>Us, as the sender knows us: the client id.</summary>
    public required string Audience { get; init; }

    /// <summary>Others that may stand beside us in <c>aud</c>; none by default.</summary>
    public IReadOnlySet<string> OtherAudiences { get; init; } = new HashSet<string>();

    /// <summary>The nonce of the flow; null where there was no flow (a refresh), which then refuses nothing.</summary>
    public string? Nonce { get; init; }

    /// <summary>The access token that came along: <c>at_hash</c>, where present, must be its hash.</summary>
    public string? AccessToken { get; init; }

    public static IReadOnlySet<string> AllAlgorithms { get; } = SigningAlgorithm.Names.ToHashSet();
}

/// <summary>The one issuer, or Microsoft's pattern with <c>{tenantid}</c> and the tenants that may stand there.</summary>
internal sealed record IssuerRule(string Issuer, IReadOnlySet<string>? Tenants = null)
{
    /// <summary>Where the tenant stands in the pattern.</summary>
    public const string Tenant = "{tenantid}";

    /// <param name="issuer">The token's <c>iss</c>.</param>
    /// <param name="tenant">The token's <c>tid</c>.</param>
    public bool Admits(string? issuer, string? tenant)
    {
        if (issuer is null) return false;
        if (Tenants is null) return issuer == Issuer;
        return tenant is not null && Tenants.Contains(tenant) && issuer == Issuer.Replace(Tenant, tenant, StringComparison.Ordinal);
    }

    /// <summary>Whether this is one of the issuers that it stands for.</summary>
    public bool Names(string issuer) => Tenants is null ? issuer == Issuer : Tenants.Any(tenant => Admits(issuer, tenant));
}
