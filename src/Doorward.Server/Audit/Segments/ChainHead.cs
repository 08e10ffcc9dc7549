using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Audit.Segments;

/// <summary>Where a node's chain stands: the last sequence, and a hash over everything up to it.</summary>
internal readonly record struct ChainHead(long Sequence, Hash Hash)
{
    private const int PrefixBytes = Hash.Bytes + 8 + 8 + Hash.Bytes + Hash.Bytes;

    /// <summary>Before the first record. The node's name is in it: one node's records cannot pass for another's.</summary>
    public static ChainHead Start(string node) => new(0, new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Product.Name} audit 1\n{node}"))));

    /// <summary>
    /// SHA-256 over: chain before, sequence, instant of the group, commitment to «who», commitment to «other», body. The numbers
    /// are little-endian, 8 bytes each. A part that is not there has a commitment of zeros.
    /// </summary>
    [SkipLocalsInit]
    public ChainHead Next(long committed, ReadOnlySpan<byte> body, Hash who, Hash other)
    {
        var length = PrefixBytes + body.Length;
        var bytes = length <= 2048 ? stackalloc byte[2048] : new byte[length];
        Hash.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Sequence + 1);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], committed);
        who.CopyTo(bytes[48..]);
        other.CopyTo(bytes[80..]);
        body.CopyTo(bytes[PrefixBytes..]);
        return new(Sequence + 1, Hash.Of(bytes[..length]));
    }

    /// <summary>
    /// What the chain holds of a personal part: SHA-256 of salt and text. Whoever takes the text and the salt out leaves a number
    /// that says nothing, and a chain that still verifies.
    /// </summary>
    [SkipLocalsInit]
    public static Hash Commitment(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return default;
        var length = salt.Length + part.Length;
        var bytes = length <= 2048 ? stackalloc byte[2048] : new byte[length];
        salt.CopyTo(bytes);
        part.CopyTo(bytes[salt.Length..]);
        return Hash.Of(bytes[..length]);
    }
}

/// <summary>Thirty-two bytes, by value.</summary>
[InlineArray(Bytes)]
internal struct Hash : IEquatable<Hash>
{
    public const int Bytes = 32;

    private byte _first;

    public Hash(ReadOnlySpan<byte> bytes) => bytes[..Bytes].CopyTo(this);

    public static Hash Of(ReadOnlySpan<byte> bytes)
    {
        Hash hash = default;
        SHA256.HashData(bytes, hash);
        return hash;
    }

    public readonly bool IsZero => Equals(default);

    public readonly void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)this).CopyTo(destination);

    public readonly byte[] ToArray() => ((ReadOnlySpan<byte>)this).ToArray();

    public readonly bool Equals(Hash other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is Hash other && Equals(other);

    public override readonly int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(this);

    public override readonly string ToString() => Convert.ToHexStringLower(this);

    public static bool operator ==(Hash left, Hash right) => left.Equals(right);

    public static bool operator !=(Hash left, Hash right) => !left.Equals(right);
}
