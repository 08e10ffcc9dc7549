using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Doorward.Server.Identity.Tokens;

/// <summary>
/// The signature algorithms that anybody may use towards us: asymmetric ones with SHA-2. Never <c>none</c>, never a shared secret
/// (a verifier could then forge). EdDSA is missing because the platform has no Ed25519.
/// </summary>
/// <param name="Name">As in RFC 7518 section 3.1.</param>
/// <param name="KeyType">The key's <c>kty</c>.</param>
/// <param name="Hash">The hash, also of <c>at_hash</c>.</param>
/// <param name="Curve">The key's <c>crv</c>; null for RSA.</param>
internal sealed record SigningAlgorithm(string Name, string KeyType, HashAlgorithmName Hash, string? Curve = null)
{
    private static readonly FrozenDictionary<string, SigningAlgorithm> All = new SigningAlgorithm[]
    {
        new("RS256", "RSA", HashAlgorithmName.SHA256),
        new("RS384", "RSA", HashAlgorithmName.SHA384),
        new("RS512", "RSA", HashAlgorithmName.SHA512),
        new("PS256", "RSA", HashAlgorithmName.SHA256),
        new("PS384", "RSA", HashAlgorithmName.SHA384),
        new("PS512", "RSA", HashAlgorithmName.SHA512),
        new("ES256", "EC", HashAlgorithmName.SHA256, "P-256"),
        new("ES384", "EC", HashAlgorithmName.SHA384, "P-384"),
        new("ES512", "EC", HashAlgorithmName.SHA512, "P-521"),
    }.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    public static SigningAlgorithm? Find(string? name) => name is null ? null : All.GetValueOrDefault(name);
}
