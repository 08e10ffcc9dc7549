using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Lies about keys and signatures.</summary>
internal static class KeyLies
{
    public static IReadOnlyList<Lie> All { get; } =
    [
        new("key-unknown", "signs with a key that it has not published", "UnknownKey", p => p.Signer = LabKey.OtherRsa()),
        new("key-other-same-kid", "signs with another key under a published kid", "BadSignature", p => p.Signer = LabKey.OtherRsa("rsa-1")),
        new("key-no-kid-two-fit", "leaves kid out while two keys fit", "AmbiguousKey", p =>
        {
            p.Published.Add(LabKey.OtherRsa());
            p.Token = t => t.Header.Remove("kid");
        }),
        new("key-two-same-kid", "publishes two keys under one kid", "AmbiguousKey", p => p.Published.Add(LabKey.OtherRsa("rsa-1"))),
        new("key-weak", "signs with an RSA key of 1024 bits", "WeakKey", p => p.Published.Add(p.Signer = LabKey.WeakRsa())),
        Jwk("key-huge", "publishes an RSA key of 16384 bits", "WeakKey", k => k["n"] = Base64Url.EncodeToString([0x80, .. Enumerable.Repeat((byte)0xff, 2047)])),
        Jwk("key-exponent-1", "publishes an RSA key with the exponent 1", "WeakKey", k => k["e"] = "AQ"),
        Jwk("key-exponent-even", "publishes an RSA key with an even exponent", "WeakKey", k => k["e"] = "AQAC"),
        Jwk("key-no-modulus", "publishes an RSA key without its modulus", "MalformedKey", k => k.Remove("n")),
        Jwk("key-for-encryption", "signs with a key that is for encryption", "KeyForOtherUse", k => k["use"] = "enc"),
        Jwk("key-use-number", "publishes a key whose use is a number", "KeyForOtherUse", k => k["use"] = 1),
        Jwk("key-ops", "signs with a key whose operations are others", "KeyForOtherUse", k => k["key_ops"] = new JsonArray("encrypt")),
        Jwk("key-private", "publishes the private key", "MalformedKey", k => k["d"] = "AQAB"),
        Jwk("key-symmetric", "publishes a shared secret", "MalformedKey", k => (k["kty"], k["k"]) = ("oct", "c2VjcmV0")),
        Jwk("key-unknown-type", "publishes a key of an unknown type", "MalformedKey", k => k["kty"] = "OKP"),
        Jwk("key-type-missing", "publishes a key without a type", "MalformedKey", k => k.Remove("kty")),
        Jwk("key-alg-number", "publishes a key whose algorithm is a number", "MalformedKey", k => k["alg"] = 1),
        Jwk("key-of-other-issuer", "signs with a key that is another issuer's", "KeyForOtherIssuer", k => k["issuer"] = "https://personal.example"),
        EcJwk("key-off-curve", "publishes a point that is not on the curve", "MalformedKey", k => k["x"] = Base64Url.EncodeToString(new byte[32])),
        EcJwk("key-short-point", "publishes a point with a short coordinate", "MalformedKey", k => k["y"] = Base64Url.EncodeToString(new byte[31])),
        EcJwk("key-unknown-curve", "publishes a key on another curve", "MalformedKey", k => k["crv"] = "secp256k1"),
        new("key-wrong-curve", "signs with ES256 and a key on P-384", "KeyForOtherAlgorithm", p =>
        {
            p.Published.Add(p.Signer = LabKey.Ec("ec-384", "ES384"));
            p.Token = t => t.Header["alg"] = "ES256";
        }),
        Ec("signature-zero", "signs with ES256 and zeros (CVE-2022-21449)", "BadSignature", t => t.Signature = _ => new byte[64]),
        Ec("signature-der", "writes the ES256 signature as DER", "BadSignature", t => t.Signature = t.Key.SignDer),
        Ec("signature-long", "adds a byte to the ES256 signature", "BadSignature", t => t.Signature = s => [.. t.Key.Sign(s), 0]),
        Token("signature-bit", "changes one bit of the signature", "BadSignature", t => t.Signature = s =>
        {
            var signature = t.Key.Sign(s);
            signature[100] ^= 1;
            return signature;
        }),
        Token("signature-short", "cuts the signature", "BadSignature", t => t.Signature = s => t.Key.Sign(s)[..^1]),
        Token("signature-other-claims", "changes the claims after signing", "BadSignature", t => t.Compact = token =>
        {
            var parts = token.Split('.');
            var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("\"ada\"", "\"eve\"", StringComparison.Ordinal);
            return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
        }),
        Token("signature-other-header", "changes the header after signing", "BadSignature", t => t.Compact = token =>
        {
            var parts = token.Split('.');
            return $"{Base64Url.EncodeToString("""{"kid":"rsa-1","alg":"RS256"}"""u8)}.{parts[1]}.{parts[2]}";
        }),
    ];

    private static Lie Jwk(string id, string does, string metBy, Action<JsonObject> lie) =>
        new(id, does, metBy, p => p.Jwks = set => lie((JsonObject)set["keys"]![0]!));

    private static Lie EcJwk(string id, string does, string metBy, Action<JsonObject> lie) => new(id, does, metBy, p =>
    {
        p.Published[0] = p.Signer = LabKey.Ec();
        p.Jwks = set => lie((JsonObject)set["keys"]![0]!);
    });

    private static Lie Token(string id, string does, string metBy, Action<TokenDraft> lie) => new(id, does, metBy, p => p.Token = lie);

    private static Lie Ec(string id, string does, string metBy, Action<TokenDraft> lie) => new(id, does, metBy, p =>
    {
        p.Published.Add(p.Signer = LabKey.Ec());
        p.Token = lie;
    });
}
