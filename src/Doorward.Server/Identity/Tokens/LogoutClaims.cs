using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6).</summary>
internal static class LogoutClaims
{
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Older ones are not taken: providers send at once. Bounds how long an id must be remembered to know it again.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMinutes(10);

    public static TokenRefusal Check(JsonElement claims, SigningAlgorithm algorithm, TokenRules rules, DateTimeOffset now)
    {
        if (!rules.Issuer.Admits(claims.Text("iss"), claims.Text("tid"))) return TokenRefusal.WrongIssuer;
        if (!TokenClaims.IsForUs(claims, rules)) return TokenRefusal.WrongAudience;
        // An id token has one: neither passes for the other.
        if (claims.Has("nonce")) return TokenRefusal.ForbiddenClaim;
        if (!claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out var logout) || logout.ValueKind != JsonValueKind.Object) return TokenRefusal.WrongEvents;
        foreach (var whose in (ReadOnlySpan<string>)["sub", "sid"])
            if (claims.Has(whose) && !TokenClaims.IsName(claims.Text(whose))) return TokenRefusal.WrongSubject;
        if (!claims.Has("sub") && !claims.Has("sid")) return TokenRefusal.WrongSubject;
        return TokenClaims.IsName(claims.Text("jti")) ? CheckTimes(claims, now) : TokenRefusal.WrongTokenId;
    }

    // Some providers still leave exp out, which older drafts allowed: then its age alone counts.
    private static TokenRefusal CheckTimes(JsonElement claims, DateTimeOffset now)
    {
        if (claims.Time("iat") is not { } issued) return TokenRefusal.MalformedTime;
        if (claims.Has("exp") && !(claims.Time("exp") > issued)) return TokenRefusal.MalformedTime;
        if (issued - TokenClaims.Tolerance > now) return TokenRefusal.IssuedInFuture;
        return issued + Oldest + TokenClaims.Tolerance <= now || claims.Time("exp") + TokenClaims.Tolerance <= now ? TokenRefusal.Expired : TokenRefusal.None;
    }
}
