using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Doorward.Server.Identity;

/// <summary>
/// An opaque secret that we hand out and only its hash is kept: 34 random bytes and a keyed tag of 8, in base64url. The tag lets an
/// invented one be refused without asking the store. 42 bytes fill 56 letters exactly, so that no two spellings mean the same.
/// </summary>
/// <param name="keys">The keys of tags, the one that makes new ones first; the others are on their way out.</param>
internal sealed class KeyedToken(Func<IReadOnlyList<byte[]>> keys)
{
    public const int Length = 56;

    private const int RandomBytes = 34;
    private const int TagBytes = 8;

    private static readonly SearchValues<char> _letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public string Create()
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + TagBytes];
        RandomNumberGenerator.Fill(bytes[..RandomBytes]);
        WriteTag(keys()[0], bytes[..RandomBytes], bytes[RandomBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a Doorward with the same keys made it. Tells nothing about whether it still counts.</summary>
    public bool IsGenuine(ReadOnlySpan<char> token)
    {
        if (token.Length != Length || token.ContainsAnyExcept(_letters)) return false;
        Span<byte> bytes = stackalloc byte[RandomBytes + TagBytes];
        Base64Url.DecodeFromChars(token, bytes);
        Span<byte> tag = stackalloc byte[TagBytes];
        foreach (var key in keys())
        {
            WriteTag(key, bytes[..RandomBytes], tag);
            if (CryptographicOperations.FixedTimeEquals(tag, bytes[RandomBytes..])) return true;
        }
        return false;
    }

    /// <summary>What is stored: so many random bits need neither salt nor a slow hash.</summary>
    public static byte[] Hash(ReadOnlySpan<char> token)
    {
        Span<byte> ascii = stackalloc byte[Length];
        for (var i = 0; i < Length; i++) ascii[i] = (byte)token[i];
        return SHA256.HashData(ascii);
    }

    private static void WriteTag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> random, Span<byte> tag)
    {
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, random, full);
        full[..TagBytes].CopyTo(tag);
    }
}
