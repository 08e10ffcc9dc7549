using System.Buffers.Text;
using System.Security.Cryptography;

namespace Doorward.Server.Identity.ServiceAccounts;

/// <summary>
/// A secret as machines send it: <c>doorward_sa_</c>, 32 random bytes and an 8-byte keyed tag, in base64url. The tag lets an invented
/// secret be refused without asking the store; the prefix lets secret scanners find one that leaked.
/// </summary>
internal static class ServiceAccountSecret
{
    public const string Prefix = "doorward_sa_";

    private const int RandomBytes = 32;
    private const int TagBytes = 8;

    public static string Create(ReadOnlySpan<byte> tagKey)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + TagBytes];
        RandomNumberGenerator.Fill(bytes[..RandomBytes]);
        WriteTag(tagKey, bytes[..RandomBytes], bytes[RandomBytes..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether this process, or another with the same root key, may have made it. Tells nothing about whether it still counts.</summary>
    public static bool IsGenuine(ReadOnlySpan<char> secret, ReadOnlySpan<byte> tagKey)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[RandomBytes + TagBytes];
        var text = secret[Prefix.Length..];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != bytes.Length) return false;
        Span<byte> tag = stackalloc byte[TagBytes];
        WriteTag(tagKey, bytes[..RandomBytes], tag);
        return CryptographicOperations.FixedTimeEquals(tag, bytes[RandomBytes..]);
    }

    /// <summary>What is stored: 256 random bits need neither salt nor a slow hash.</summary>
    public static byte[] Hash(ReadOnlySpan<char> secret)
    {
        Span<byte> ascii = stackalloc byte[secret.Length];
        for (var i = 0; i < secret.Length; i++) ascii[i] = (byte)secret[i];
        return SHA256.HashData(ascii);
    }

    private static void WriteTag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> random, Span<byte> tag)
    {
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, random, full);
        full[..TagBytes].CopyTo(tag);
    }
}
