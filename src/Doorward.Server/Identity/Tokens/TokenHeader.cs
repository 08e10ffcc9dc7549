using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>A token's JOSE header (RFC 7515 section 4), held against what may stand in it.</summary>
internal readonly record struct TokenHeader(SigningAlgorithm Algorithm, string? KeyId)
{
    private const int LongestKeyId = 256;

    public static TokenRefusal Read(JsonElement header, TokenRules rules, out TokenHeader read)
    {
        read = default;
        if (header.Has("enc") || header.Has("zip")) return TokenRefusal.Encrypted;
        // Extensions that must be understood: we understand none (RFC 7515 section 4.1.11). b64 changes what is signed (RFC 7797).
        if (header.Has("crit") || header.Has("b64")) return TokenRefusal.CriticalHeader;
        // A key that travels with the token proves nothing about who sent it.
        if (header.Has("jwk") || header.Has("jku") || header.Has("x5u")) return TokenRefusal.KeyInHeader;
        if (header.Has("cty")) return TokenRefusal.NestedToken;
        if (!HasType(header, rules.Types)) return TokenRefusal.WrongType;

        var name = header.Text("alg");
        if (SigningAlgorithm.Find(name) is not { } algorithm || !rules.Algorithms.Contains(name!)) return TokenRefusal.AlgorithmNotAllowed;

        var keyId = header.Text("kid");
        if (header.Has("kid") && keyId is not { Length: > 0 and <= LongestKeyId }) return TokenRefusal.MalformedKeyId;
        read = new TokenHeader(algorithm, keyId);
        return TokenRefusal.None;
    }

    // RFC 7515 section 4.1.9: "application/" may be left out, and letter case does not matter.
    private static bool HasType(JsonElement header, TokenTypes types)
    {
        if (!header.Has("typ")) return types.MayBeAbsent;
        const string media = "application/";
        if (header.Text("typ") is not { } typ) return false;
        var name = typ.StartsWith(media, StringComparison.OrdinalIgnoreCase) ? typ[media.Length..] : typ;
        return types.Names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
