using System.Buffers.Binary;

namespace Doorward.Server.Store.Keys;

/// <summary>
/// Encrypts what the store, or a browser, keeps for us. Bound to a purpose (which has a key of its own) and to a context (such as the
/// row), so that what was encrypted for one place does not open in another. Form: 1 byte of version, 4 bytes of the key's number, big-endian, envelope.
/// </summary>
internal sealed class Secrets(KeyRing ring)
{
    private const byte Version = 1;
    private const int HeadSize = 5;

    /// <param name="purpose">A constant of the code.</param>
    /// <param name="context">What it belongs to.</param>
    /// <param name="plain">What to encrypt.</param>
    /// <exception cref="StoreUnavailableException">The keys were never loaded.</exception>
    public byte[] Protect(string purpose, string context, ReadOnlySpan<byte> plain)
    {
        var key = (SymmetricKey)ring.Active(KeyPurpose.Secrets);
        var head = new byte[HeadSize];
        head[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), (uint)key.Term.Number);
        return [.. head, .. Envelope.Seal(key.For(purpose), context, plain)];
    }

    /// <summary>Null where it is not ours, was altered, belongs elsewhere, or its key has died.</summary>
    /// <exception cref="StoreUnavailableException">The keys were never loaded.</exception>
    public byte[]? Unprotect(string purpose, string context, ReadOnlySpan<byte> secret)
    {
        if (secret.Length < HeadSize || secret[0] != Version)
            return null;
        var key = (SymmetricKey?)ring.Find(KeyPurpose.Secrets, BinaryPrimitives.ReadUInt32BigEndian(secret[1..]));
        return key is null ? null : Envelope.Open(key.For(purpose), context, secret[HeadSize..]);
    }
}
