using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies in the claims: who says it, to whom, about whom, when.</summary>
internal static class ClaimLies
{
    private const string Us = LyingProvider.ClientId;

    public static IReadOnlyList<Lie> All { get; } =
    [
        Claim("iss-missing", "names no issuer", "WrongIssuer", c => c.Remove("iss")),
        Claim("iss-other", "names another issuer (mix-up)", "WrongIssuer", c => c["iss"] = "https://idp.example"),
        Claim("iss-slash", "names itself with a slash at the end", "WrongIssuer", c => c["iss"] = c["iss"] + "/"),
        Claim("iss-case", "names itself in capitals", "WrongIssuer", c => c["iss"] = ((string)c["iss"]!).ToUpperInvariant()),
        Claim("iss-list", "names a list of issuers", "WrongIssuer", c => c["iss"] = new JsonArray((string)c["iss"]!, "https://idp.example")),
        Claim("iss-space", "names itself with a space", "WrongIssuer", c => c["iss"] = c["iss"] + " "),
        Claim("aud-missing", "names no audience", "WrongAudience", c => c.Remove("aud")),
        Claim("aud-other", "sends a token that is for another client", "WrongAudience", c => c["aud"] = "wiki"),
        Claim("aud-prefix", "names an audience that begins like us", "WrongAudience", c => c["aud"] = Us + "-evil"),
        Claim("aud-case", "names us in capitals", "WrongAudience", c => c["aud"] = Us.ToUpperInvariant()),
        Claim("aud-empty", "names an empty list of audiences", "WrongAudience", c => c["aud"] = new JsonArray()),
        Claim("aud-list-without-us", "names a list without us", "WrongAudience", c => c["aud"] = new JsonArray("wiki", "mail")),
        Claim("aud-list-stranger", "names a stranger beside us", "WrongAudience", c => c["aud"] = new JsonArray(Us, "wiki")),
        Claim("aud-list-stranger-azp", "names a stranger beside us, and us as azp", "WrongAudience", c => (c["aud"], c["azp"]) = (new JsonArray(Us, "wiki"), Us)),
        Claim("aud-list-number", "names a number beside us", "WrongAudience", c => c["aud"] = new JsonArray(Us, 1)),
        Claim("aud-object", "names an object as audience", "WrongAudience", c => c["aud"] = new JsonObject { [Us] = true }),
        Claim("aud-twice-no-azp", "names us twice, without azp", "WrongParty", c => c["aud"] = new JsonArray(Us, Us)),
        Claim("azp-other", "names another party", "WrongParty", c => c["azp"] = "wiki"),
        Claim("azp-number", "names a number as party", "WrongParty", c => c["azp"] = 1),
        Claim("sub-missing", "names nobody", "WrongSubject", c => c.Remove("sub")),
        Claim("sub-empty", "names an empty subject", "WrongSubject", c => c["sub"] = ""),
        Claim("sub-spaces", "names spaces as subject", "WrongSubject", c => c["sub"] = "   "),
        Claim("sub-number", "names a number as subject", "WrongSubject", c => c["sub"] = 7),
        Claim("sub-list", "names a list of subjects", "WrongSubject", c => c["sub"] = new JsonArray("ada")),
        Claim("sub-long", "names a subject of 256 characters", "WrongSubject", c => c["sub"] = new string('a', 256)),
        Claim("sub-control", "names a subject with a line end", "WrongSubject", c => c["sub"] = "ada\nadmin"),
        Claim("nonce-missing", "leaves the nonce out", "WrongNonce", c => c.Remove("nonce")),
        Claim("nonce-other", "sends a token of another flow (replay)", "WrongNonce", c => c["nonce"] = "of-another-flow"),
        Claim("nonce-prefix", "sends the beginning of the nonce", "WrongNonce", c => c["nonce"] = ((string)c["nonce"]!)[..8]),
        Claim("nonce-list", "sends the nonce in a list", "WrongNonce", c => c["nonce"] = new JsonArray((string)c["nonce"]!)),
        Claim("exp-missing", "sets no end", "MalformedTime", c => c.Remove("exp")),
        Claim("exp-text", "writes the end as text", "MalformedTime", c => c["exp"] = c["exp"]!.ToString()),
        Claim("exp-null", "sends null as the end", "MalformedTime", c => c["exp"] = null),
        Claim("exp-huge", "sets an end beyond the calendar", "MalformedTime", c => c["exp"] = 1e30),
        Claim("exp-negative", "sets an end before 1970", "MalformedTime", c => c["exp"] = -1),
        Claim("exp-before-iat", "ends a token before it was issued", "MalformedTime", c => c["exp"] = (long)c["iat"]! - 1),
        Time("exp-past", "sends a token that has ended", "Expired", (t, now) => (t.Claims["iat"], t.Claims["exp"]) = (Seconds(now, -600), Seconds(now, -300))),
        Time("exp-tolerance", "sends a token that ended 60 s ago", "Expired", (t, now) => (t.Claims["iat"], t.Claims["exp"]) = (Seconds(now, -600), Seconds(now, -60))),
        Claim("iat-missing", "does not say when", "MalformedTime", c => c.Remove("iat")),
        Claim("iat-text", "writes the time of issue as text", "MalformedTime", c => c["iat"] = c["iat"]!.ToString()),
        Time("iat-future", "issues a token in the future", "IssuedInFuture", (t, now) => (t.Claims["iat"], t.Claims["exp"]) = (Seconds(now, 120), Seconds(now, 900))),
        Time("nbf-future", "sends a token that does not hold yet", "NotYetValid", (t, now) => t.Claims["nbf"] = Seconds(now, 120)),
        Claim("nbf-text", "writes nbf as text", "MalformedTime", c => c["nbf"] = "now"),
        Claim("auth-time-text", "writes auth_time as text", "MalformedTime", c => c["auth_time"] = "now"),
        Time("auth-time-future", "says that the person will have signed in", "IssuedInFuture", (t, now) => t.Claims["auth_time"] = Seconds(now, 120)),
        Claim("at-hash-other", "swaps the access token", "WrongAccessTokenHash", c => c["at_hash"] = Base64Url.EncodeToString(new byte[16])),
        Claim("at-hash-number", "sends a number as at_hash", "WrongAccessTokenHash", c => c["at_hash"] = 1),
        Claim("at-hash-whole", "sends the whole hash as at_hash", "WrongAccessTokenHash", c =>
            c["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(LyingProvider.AccessToken)))),
    ];

    private static long Seconds(DateTimeOffset now, int plus) => now.ToUnixTimeSeconds() + plus;

    private static Lie Claim(string id, string does, string metBy, Action<JsonObject> lie) => new(id, does, metBy, p => p.Token = t => lie(t.Claims));

    private static Lie Time(string id, string does, string metBy, Action<TokenDraft, DateTimeOffset> lie) =>
        new(id, does, metBy, p => p.Token = t => lie(t, p.Time.GetUtcNow()));
}
