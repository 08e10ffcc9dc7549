using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Doorward.Server.Identity.Tokens;

/// <summary>The key that a header names, or why there is none. <paramref name="distrusted"/> is a key that did not fit the signature.</summary>
internal delegate ValueTask<KeyLookup> FindKey(TokenHeader header, VerificationKey? distrusted, CancellationToken cancel);

internal readonly record struct KeyLookup(VerificationKey? Key, TokenRefusal Refusal);

/// <summary>A token that is believed, or why it is not.</summary>
internal readonly record struct TokenVerdict(TokenRefusal Refusal, JsonElement Claims = default)
{
    public bool Believed => Refusal == TokenRefusal.None;
}

/// <summary>
/// Believes a signed token (JWS compact form) only under our own rules; the library below then judges it once more. On its
/// defaults it would let dozens of forged ones through: docs/security/tokens.md lists the lies and what meets each.
/// </summary>
internal sealed class TokenValidator(TimeProvider time)
{
    // Characters. Id tokens with hundreds of groups stay below 20,000.
    private const int Longest = 64 * 1024;

    private static readonly JsonWebTokenHandler Library = new() { MaximumTokenSizeInBytes = Longest };

    public async ValueTask<TokenVerdict> ValidateAsync(string token, TokenRules rules, FindKey keys, CancellationToken cancel)
    {
        var refusal = Read(token, out var headerJson, out var claims);
        if (refusal != TokenRefusal.None) return new(refusal);
        refusal = TokenHeader.Read(headerJson, rules, out var header);
        if (refusal != TokenRefusal.None) return new(refusal);

        // Signature before claims: nothing unsigned decides anything. Where the library stumbles over claims, ours name the trouble.
        (var key, refusal) = await FindSignerAsync(token, header, keys, cancel);
        if (key is null && refusal != TokenRefusal.RefusedByLibrary) return new(refusal);
        if (rules.Types.Check(claims, header.Algorithm, rules, time.GetUtcNow()) is var flaw and not TokenRefusal.None) return new(flaw);
        if (key is null) return new(refusal);
        return key.SignsFor(claims) ? new(TokenRefusal.None, claims) : new(TokenRefusal.KeyForOtherIssuer);
    }

    private static TokenRefusal Read(string token, out JsonElement header, out JsonElement claims)
    {
        header = claims = default;
        if (token.Length > Longest) return TokenRefusal.TooLong;
        var dots = token.AsSpan().Count('.');
        if (dots == 4) return TokenRefusal.Encrypted;
        if (dots != 2) return TokenRefusal.NotThreeParts;

        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        if (!StrictBase64Url.TryDecode(token.AsSpan(0, first), out var headerBytes)
            || !StrictBase64Url.TryDecode(token.AsSpan(first + 1, last - first - 1), out var claimsBytes)
            || !StrictBase64Url.TryDecode(token.AsSpan(last + 1), out _))
        {
            return TokenRefusal.NotBase64Url;
        }

        if (!StrictJson.TryObject(headerBytes, out var h) || !StrictJson.TryObject(claimsBytes, out var c)) return TokenRefusal.NotOneJsonObject;
        (header, claims) = (h.Value, c.Value);
        return TokenRefusal.None;
    }

    private static async ValueTask<KeyLookup> FindSignerAsync(string token, TokenHeader header, FindKey keys, CancellationToken cancel)
    {
        var found = await keys(header, null, cancel);
        if (found.Key is null) return found;
        var refusal = await CheckSignatureAsync(token, header, found.Key);
        if (refusal == TokenRefusal.None) return found;
        if (refusal != TokenRefusal.BadSignature) return new(null, refusal);

        // The provider may have put another key under the same kid.
        var newer = await keys(header, found.Key, cancel);
        if (newer.Key is null || ReferenceEquals(newer.Key, found.Key)) return new(null, refusal);
        refusal = await CheckSignatureAsync(token, header, newer.Key);
        return refusal == TokenRefusal.None ? newer : new(null, refusal);
    }

    private static async ValueTask<TokenRefusal> CheckSignatureAsync(string token, TokenHeader header, VerificationKey key)
    {
        var result = await Library.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key.Key,
            ValidAlgorithms = [header.Algorithm.Name],
            RequireSignedTokens = true,
            TryAllIssuerSigningKeys = false,
            // Ours, above: the library would read the machine's clock, and knows neither azp nor nonce.
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            // A cached verifier would outlive a key that the provider has withdrawn.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        });
        if (result.IsValid) return TokenRefusal.None;
        return result.Exception is SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException
            ? TokenRefusal.BadSignature
            : TokenRefusal.RefusedByLibrary;
    }
}
