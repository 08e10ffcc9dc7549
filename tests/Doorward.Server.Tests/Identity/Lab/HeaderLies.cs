using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies in the header: algorithm, key, type, extensions.</summary>
internal static class HeaderLies
{
    public static IReadOnlyList<Lie> All { get; } =
    [
        Token("alg-none", "signs with «none»", "AlgorithmNotAllowed", t => (t.Header["alg"], t.Signature) = ("none", _ => [])),
        Token("alg-none-case", "signs with «nOnE»", "AlgorithmNotAllowed", t => (t.Header["alg"], t.Signature) = ("nOnE", _ => [])),
        Token("alg-missing", "names no algorithm", "AlgorithmNotAllowed", t => t.Header.Remove("alg")),
        Token("alg-number", "names a number as algorithm", "AlgorithmNotAllowed", t => t.Header["alg"] = 256),
        Token("alg-list", "names a list of algorithms", "AlgorithmNotAllowed", t => t.Header["alg"] = new JsonArray("RS256")),
        Token("alg-case", "spells the algorithm rs256", "AlgorithmNotAllowed", t => t.Header["alg"] = "rs256"),
        Token("alg-hmac-public-key", "signs with HS256 and its public key as the secret", "AlgorithmNotAllowed", t => Hmac(t, t.Key.PublicPem())),
        Token("alg-hmac-client-secret", "signs with HS256 and the client secret", "AlgorithmNotAllowed", t => Hmac(t, LyingProvider.ClientSecret)),
        Token("alg-hmac-empty", "signs with HS256 and an empty secret", "AlgorithmNotAllowed", t => Hmac(t, "")),
        Token("alg-eddsa", "signs with an algorithm that we do not have (EdDSA)", "AlgorithmNotAllowed", t => (t.Header["alg"], t.Signature) = ("EdDSA", _ => new byte[64])),
        new("alg-not-announced", "announces RS256 and signs with ES256", "AlgorithmNotAllowed", p =>
        {
            p.Discovery = d => d["id_token_signing_alg_values_supported"] = new JsonArray("RS256");
            p.Published.Add(p.Signer = LabKey.Ec());
        }),
        Token("alg-key-rs384", "signs with RS384 and a key that is for RS256", "KeyForOtherAlgorithm", t => t.Header["alg"] = "RS384"),
        Token("alg-key-ps256", "signs with PS256 and a key that is for RS256", "KeyForOtherAlgorithm", t => t.Header["alg"] = "PS256"),
        Token("alg-key-es256", "names ES256 with an RSA key", "KeyForOtherAlgorithm", t => (t.Header["alg"], t.Signature) = ("ES256", _ => new byte[64])),
        Token("crit-unknown", "marks an extension as critical", "CriticalHeader", t => (t.Header["crit"], t.Header["x-ours"]) = (new JsonArray("x-ours"), 1)),
        Token("crit-known", "marks a common header as critical", "CriticalHeader", t => t.Header["crit"] = new JsonArray("kid")),
        Token("crit-empty", "sends an empty crit", "CriticalHeader", t => t.Header["crit"] = new JsonArray()),
        Token("crit-text", "sends crit as text", "CriticalHeader", t => t.Header["crit"] = "exp"),
        Token("crit-null", "sends crit as null", "CriticalHeader", t => t.Header["crit"] = null),
        Token("b64-false", "leaves the claims unencoded (b64)", "CriticalHeader", t => t.Header["b64"] = false),
        Token("key-jwk", "sends its key along and signs with it", "KeyInHeader", t => Own(t).Header["jwk"] = t.Key.Jwk()),
        Token("key-jku", "names an address of keys", "KeyInHeader", t => Own(t).Header["jku"] = "https://keys.example/jwks"),
        Token("key-x5u", "names an address of certificates", "KeyInHeader", t => Own(t).Header["x5u"] = "https://keys.example/cert"),
        Token("key-x5c", "sends a certificate along and signs with its key", "UnknownKey", t => Own(t).Header["x5c"] = new JsonArray(Certificate())),
        Token("kid-path", "names a file as its key", "UnknownKey", t => t.Header["kid"] = "../../../../dev/null"),
        Token("kid-sql", "puts SQL into kid", "UnknownKey", t => t.Header["kid"] = "x' UNION SELECT 'key"),
        Token("kid-empty", "sends an empty kid", "MalformedKeyId", t => t.Header["kid"] = ""),
        Token("kid-number", "sends a number as kid", "MalformedKeyId", t => t.Header["kid"] = 1),
        Token("kid-long", "sends a kid of 300 characters", "MalformedKeyId", t => t.Header["kid"] = new string('k', 300)),
        Token("typ-access-token", "sends an access token (at+jwt)", "WrongType", t => t.Header["typ"] = "at+jwt"),
        Token("typ-logout-token", "sends a logout token (logout+jwt)", "WrongType", t => t.Header["typ"] = "logout+jwt"),
        Token("typ-event", "sends a security event (secevent+jwt)", "WrongType", t => t.Header["typ"] = "application/secevent+jwt"),
        Token("typ-number", "sends a number as typ", "WrongType", t => t.Header["typ"] = 1),
        Token("cty-nested", "wraps a token in a token", "NestedToken", t => t.Header["cty"] = "JWT"),
        Token("zip", "packs the claims", "Encrypted", t => t.Header["zip"] = "DEF"),
        Token("enc", "names an encryption", "Encrypted", t => t.Header["enc"] = "A256GCM"),
    ];

    private static Lie Token(string id, string does, string metBy, Action<TokenDraft> lie) => new(id, does, metBy, p => p.Token = lie);

    private static void Hmac(TokenDraft token, string secret)
    {
        token.Header["alg"] = "HS256";
        token.Signature = text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(text));
    }

    // A key that the provider has not published.
    private static TokenDraft Own(TokenDraft token)
    {
        token.Key = LabKey.OtherRsa("mine");
        token.Header["kid"] = "mine";
        return token;
    }

    private static string Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=keys.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Convert.ToBase64String(request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99)).RawData);
    }
}
