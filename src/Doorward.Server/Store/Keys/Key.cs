using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Store.Keys;

/// <summary>A key that nodes share, opened.</summary>
internal abstract class Key(string id, KeyTerm term)
{
    public string Id => id;

    public KeyTerm Term => term;

    /// <summary>A key from what was sealed; see <see cref="New"/>.</summary>
    public static Key Load(KeyPurpose purpose, string id, KeyTerm term, byte[] material) => purpose.Kind switch
    {
        KeyKind.Signing => new SigningKey(id, term, material),
        _ => new SymmetricKey(id, term, material),
    };

    /// <summary>The id and the material of a new key.</summary>
    public static (string Id, byte[] Material) New(KeyPurpose purpose) => purpose.Kind switch
    {
        KeyKind.Signing => SigningKey.Generate(),
        _ => (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32)),
    };
}

/// <summary>32 random bytes, used only by way of keys derived for one use each.</summary>
internal sealed class SymmetricKey(string id, KeyTerm term, byte[] material) : Key(id, term)
{
    private readonly ConcurrentDictionary<string, byte[]> _derived = new(StringComparer.Ordinal);

    /// <param name="use">A constant of the code: what is derived is remembered for ever.</param>
    public byte[] For(string use) => _derived.GetOrAdd(use, static (use, material) => HKDF.Expand(HashAlgorithmName.SHA256, material, 32, Encoding.UTF8.GetBytes(use)), material);
}
