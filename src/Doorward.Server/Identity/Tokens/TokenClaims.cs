using System.Security.Cryptography;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>The claims of an id token whose signature holds, held against the rules; and what all kinds of tokens are asked.</summary>
internal static class TokenClaims
{
    /// <summary>How far the sender's clock and ours may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    // OpenID Connect Core section 2.
    private const int LongestSubject = 255;

    public static TokenRefusal Check(JsonElement claims, SigningAlgorithm algorithm, TokenRules rules, DateTimeOffset now)
    {
        if (!rules.Issuer.Admits(claims.Text("iss"), claims.Text("tid"))) return TokenRefusal.WrongIssuer;
        if (CheckAudience(claims, rules) is var audience and not TokenRefusal.None) return audience;
        if (!IsSubject(claims.Text("sub"))) return TokenRefusal.WrongSubject;
        if (rules.Nonce is not null && claims.Text("nonce") != rules.Nonce) return TokenRefusal.WrongNonce;
        if (CheckTimes(claims, now) is var times and not TokenRefusal.None) return times;
        return CheckAccessTokenHash(claims, algorithm, rules.AccessToken);
    }

    public static bool IsSubject(string? subject) =>
        subject is { Length: > 0 and <= LongestSubject } && !subject.Any(char.IsControl) && !string.IsNullOrWhiteSpace(subject);

    /// <summary>A name that a sender gave to something, short enough to keep.</summary>
    public static bool IsName(string? text) => IsSubject(text);

    /// <summary>Whether it was made for us, and for nobody but those who may stand beside us.</summary>
    public static bool IsForUs(JsonElement claims, TokenRules rules) =>
        claims.Texts("aud") is { } audiences && audiences.Contains(rules.Audience) && audiences.All(a => a == rules.Audience || rules.OtherAudiences.Contains(a));

    /// <summary>A time in seconds since 1970; null where it is absent or not a number within the calendar.</summary>
    public static DateTimeOffset? Time(this JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number) return null;
        // The calendar of DateTimeOffset ends with the year 9999.
        if (!value.TryGetDouble(out var seconds) || seconds is not (>= 0 and < 253_402_300_800)) return null;
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
    }

    private static TokenRefusal CheckAudience(JsonElement claims, TokenRules rules)
    {
        if (!IsForUs(claims, rules)) return TokenRefusal.WrongAudience;
        // Several audiences: the token must say that it was made for us (OpenID Connect Core section 3.1.3.7, 4 and 5).
        var party = claims.Text("azp");
        var absent = !claims.Has("azp");
        return party == rules.Audience || (absent && claims.Texts("aud")!.Count == 1) ? TokenRefusal.None : TokenRefusal.WrongParty;
    }

    private static TokenRefusal CheckTimes(JsonElement claims, DateTimeOffset now)
    {
        if (claims.Time("exp") is not { } expires || claims.Time("iat") is not { } issued) return TokenRefusal.MalformedTime;
        foreach (var optional in (ReadOnlySpan<string>)["nbf", "auth_time"])
            if (claims.Has(optional) && claims.Time(optional) is null) return TokenRefusal.MalformedTime;
        if (expires <= issued) return TokenRefusal.MalformedTime;
        if (expires + Tolerance <= now) return TokenRefusal.Expired;
        if (claims.Time("nbf") - Tolerance > now) return TokenRefusal.NotYetValid;
        if (issued - Tolerance > now || claims.Time("auth_time") - Tolerance > now) return TokenRefusal.IssuedInFuture;
        return TokenRefusal.None;
    }

    // OpenID Connect Core section 3.1.3.6: the left half of the hash; it ties the access token to this id token.
    private static TokenRefusal CheckAccessTokenHash(JsonElement claims, SigningAlgorithm algorithm, string? accessToken)
    {
        if (!claims.Has("at_hash") || accessToken is null) return TokenRefusal.None;
        var hash = CryptographicOperations.HashData(algorithm.Hash, Encoding.ASCII.GetBytes(accessToken));
        return claims.Text("at_hash") == Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2))
            ? TokenRefusal.None
            : TokenRefusal.WrongAccessTokenHash;
    }
}
