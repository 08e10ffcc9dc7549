using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Doorward.Server.Identity.Tokens;

/// <summary>A provider's public keys. A flawed key harms only itself: the others are used.</summary>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    // The largest providers publish fewer than twenty.
    private const int MostKeys = 100;

    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out KeySet? set)
    {
        set = null;
        if (!StrictJson.TryObject(json, out var root)
            || !root.Value.TryGetProperty("keys", out var keys)
            || keys.ValueKind != JsonValueKind.Array
            || keys.GetArrayLength() > MostKeys)
        {
            return false;
        }

        set = new KeySet([.. keys.EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object).Select(VerificationKey.Parse)]);
        return true;
    }

    /// <summary>
    /// The one key that the header names. Without a <c>kid</c> only where a single key fits (OpenID Connect Core section 10.1);
    /// never by trying them all, so that a token is judged by the key it claims.
    /// </summary>
    public TokenRefusal Find(string? id, SigningAlgorithm algorithm, out VerificationKey? key)
    {
        key = null;
        var flaw = TokenRefusal.UnknownKey;
        foreach (var candidate in keys)
        {
            if (id is not null && candidate.Id != id) continue;
            if (candidate.FlawFor(algorithm) is var found and not TokenRefusal.None)
            {
                // Without a kid, a key that does not fit was never meant.
                if (id is not null) flaw = found;
                continue;
            }

            if (key is not null)
            {
                key = null;
                return TokenRefusal.AmbiguousKey;
            }

            key = candidate;
        }

        return key is null ? flaw : TokenRefusal.None;
    }
}
