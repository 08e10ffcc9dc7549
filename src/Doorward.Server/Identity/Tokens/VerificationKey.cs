using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Server.Identity.Tokens;

/// <summary>One public key of a JSON Web Key Set (RFC 7517), or the reason why it is not used.</summary>
/// <param name="Id">Its <c>kid</c>; null where it has none.</param>
/// <param name="Type">Its <c>kty</c>.</param>
/// <param name="Curve">Its <c>crv</c>; null for RSA.</param>
/// <param name="Algorithm">The only algorithm that it is for; null for any that fits.</param>
/// <param name="Issuer">The only issuer that it is for (Microsoft's documents say so: a key of personal accounts signs for nobody else); null for any.</param>
/// <param name="Key">The key; null where <paramref name="Flaw"/> says why.</param>
/// <param name="Flaw">Why it is not used.</param>
internal sealed record VerificationKey(
    string? Id, string? Type, string? Curve, string? Algorithm, string? Issuer, AsymmetricSecurityKey? Key, TokenRefusal Flaw = TokenRefusal.None)
{
    // NIST SP 800-131A forbids less; more than 8192 bits costs us more than it tells.
    private const int LeastRsaBits = 2048, MostRsaBits = 8192;

    public static VerificationKey Parse(JsonElement jwk)
    {
        var named = new VerificationKey(jwk.Text("kid"), jwk.Text("kty"), jwk.Text("kty") == "RSA" ? null : jwk.Text("crv"), jwk.Text("alg"), jwk.Text("issuer"), null);
        if (!IsForSignatures(jwk)) return named with { Flaw = TokenRefusal.KeyForOtherUse };
        // A private key that is published is everybody's.
        if (jwk.Has("d") || jwk.Has("k") || (jwk.Has("alg") && named.Algorithm is null)) return named with { Flaw = TokenRefusal.MalformedKey };
        try
        {
            return named.Type switch
            {
                "RSA" => named.WithRsa(jwk),
                "EC" => named.WithCurve(jwk),
                _ => named with { Flaw = TokenRefusal.MalformedKey },
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return named with { Flaw = TokenRefusal.MalformedKey };
        }
    }

    /// <summary>Why the key cannot have made a signature with this algorithm.</summary>
    public TokenRefusal FlawFor(SigningAlgorithm algorithm)
    {
        if (Flaw != TokenRefusal.None) return Flaw;
        var fits = Type == algorithm.KeyType && Curve == algorithm.Curve && (Algorithm is null || Algorithm == algorithm.Name);
        return fits ? TokenRefusal.None : TokenRefusal.KeyForOtherAlgorithm;
    }

    /// <summary>Whether the key may sign for the issuer that these claims name.</summary>
    public bool SignsFor(JsonElement claims) =>
        Issuer is null || Issuer.Replace(IssuerRule.Tenant, claims.Text("tid"), StringComparison.Ordinal) == claims.Text("iss");

    private static bool IsForSignatures(JsonElement jwk) =>
        (!jwk.Has("use") || jwk.Text("use") == "sig")
        && (!jwk.Has("key_ops") || jwk.Texts("key_ops")?.Contains("verify") == true);

    private VerificationKey WithRsa(JsonElement jwk)
    {
        if (!StrictBase64Url.TryDecode(jwk.Text("n"), out var n) || n.Length == 0 || !StrictBase64Url.TryDecode(jwk.Text("e"), out var e))
            return this with { Flaw = TokenRefusal.MalformedKey };
        // An even or tiny exponent makes every message its own signature, or nearly.
        if (e.Length is 0 or > 4 || (e[^1] & 1) == 0 || (e.Length == 1 && e[0] < 3)) return this with { Flaw = TokenRefusal.WeakKey };
        using var rsa = RSA.Create(new RSAParameters { Modulus = n, Exponent = e });
        if (rsa.KeySize is < LeastRsaBits or > MostRsaBits) return this with { Flaw = TokenRefusal.WeakKey };
        return this with { Key = new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = Id } };
    }

    private VerificationKey WithCurve(JsonElement jwk)
    {
        var (curve, size) = Curve switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => (default, 0),
        };
        if (size == 0
            || !StrictBase64Url.TryDecode(jwk.Text("x"), out var x) || x.Length != size
            || !StrictBase64Url.TryDecode(jwk.Text("y"), out var y) || y.Length != size)
        {
            return this with { Flaw = TokenRefusal.MalformedKey };
        }

        // Importing refuses a point that is not on the curve.
        var key = ECDsa.Create(new ECParameters { Curve = curve, Q = { X = x, Y = y } });
        return this with { Key = new ECDsaSecurityKey(key) { KeyId = Id } };
    }
}
