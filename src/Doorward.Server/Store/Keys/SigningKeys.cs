namespace Doorward.Server.Store.Keys;

/// <summary>The keys that sign for one purpose each.</summary>
internal sealed class SigningKeys(KeyRing ring)
{
    /// <exception cref="StoreUnavailableException">The keys were never loaded.</exception>
    public SigningKey Active(KeyPurpose purpose) => (SigningKey)ring.Active(purpose);

    /// <summary>What to publish: also the key to come, so that it is known everywhere before its first use.</summary>
    public IReadOnlyList<PublicKey> Published(KeyPurpose purpose) => [.. ring.All(purpose).Cast<SigningKey>().Select(key => key.Public)];

    /// <summary>The key that a token of ours names; null where it is not one of this purpose, or dead.</summary>
    public SigningKey? Find(KeyPurpose purpose, string id) => ring.All(purpose).Cast<SigningKey>().FirstOrDefault(key => key.Id == id);
}
