using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Store.Keys;

/// <summary>AES-256-GCM: 12 bytes of random nonce, the cipher text, 16 bytes of tag. The name is authenticated, and not stored.</summary>
internal static class Envelope
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static byte[] Seal(byte[] key, string name, ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceSize + plain.Length + TagSize];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceSize, plain.Length), result.AsSpan(NonceSize + plain.Length), Encoding.UTF8.GetBytes(name));
        return result;
    }

    /// <summary>Null where key or name are others, or a bit was changed.</summary>
    public static byte[]? Open(byte[] key, string name, ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < NonceSize + TagSize)
            return null;
        var plain = new byte[envelope.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(envelope[..NonceSize], envelope[NonceSize..^TagSize], envelope[^TagSize..], plain, Encoding.UTF8.GetBytes(name));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
