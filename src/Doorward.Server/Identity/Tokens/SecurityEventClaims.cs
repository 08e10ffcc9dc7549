using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>The claims of a security event token (RFC 8417), with one event and its subject at the top (Shared Signals Framework 1.0 section 4).</summary>
internal static class SecurityEventClaims
{
    /// <summary>Older ones are not taken. Transmitters keep events while a receiver is away, but hardly for longer; bounds how long ids are remembered.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(7);

    public static TokenRefusal Check(JsonElement claims, SigningAlgorithm algorithm, TokenRules rules, DateTimeOffset now)
    {
        if (!rules.Issuer.Admits(claims.Text("iss"), null)) return TokenRefusal.WrongIssuer;
        if (claims.Texts("aud")?.Contains(rules.Audience) != true) return TokenRefusal.WrongAudience;
        // Both are in every id and access token, and in none of these: no kind passes for another.
        if (claims.Has("sub") || claims.Has("exp")) return TokenRefusal.ForbiddenClaim;
        if (!TokenClaims.IsName(claims.Text("jti"))) return TokenRefusal.WrongTokenId;
        if (claims.Time("iat") is not { } issued || (claims.Has("toe") && claims.Time("toe") is null)) return TokenRefusal.MalformedTime;
        if (issued - TokenClaims.Tolerance > now || claims.Time("toe") - TokenClaims.Tolerance > now) return TokenRefusal.IssuedInFuture;
        if (issued + Oldest + TokenClaims.Tolerance <= now) return TokenRefusal.Expired;
        if (!claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object) return TokenRefusal.WrongEvents;
        return events.EnumerateObject().Count() == 1 && events.EnumerateObject().First().Value.ValueKind == JsonValueKind.Object ? TokenRefusal.None : TokenRefusal.WrongEvents;
    }
}
