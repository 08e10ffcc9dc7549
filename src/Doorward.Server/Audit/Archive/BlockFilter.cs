using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// What the records of a block can be searched by, as a Bloom filter: it says «not here», or «perhaps». Its size follows what was put in,
/// so that one in a hundred blocks is read in vain.
/// </summary>
internal sealed class BlockFilter
{
    private const int BitsPerWord = 10, Probes = 7;

    private readonly HashSet<ulong> _words = [];

    /// <summary>The hash of something that a record can be searched by. It stands in the store: it never changes.</summary>
    /// <param name="column">What it is: a letter.</param>
    /// <param name="value">Its value.</param>
    public static ulong Word(char column, string value) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value.AsSpan()), column);

    /// <summary>Adds what a record can be searched by.</summary>
    /// <returns>Its instant, in Unix milliseconds.</returns>
    public long Add(in ArchivedRecord archived)
    {
        var columns = RecordColumns.Of(archived.Record);
        Add('k', columns.Kind);
        Add('q', columns.Request);
        Add('r', columns.Route);
        Add('u', columns.Outcome);
        foreach (var reason in columns.Reasons?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []) Add('c', reason);
        Add('p', archived.Person);
        Add('o', archived.OtherPerson);
        return columns.At;
    }

    public byte[] ToArray()
    {
        var bits = new byte[Math.Max(8, (_words.Count * BitsPerWord + 7) / 8)];
        foreach (var word in _words)
            for (var probe = 0; probe < Probes; probe++)
            {
                var place = Place(word, probe, bits.Length);
                bits[place / 8] |= (byte)(1 << (place % 8));
            }

        return bits;
    }

    /// <summary>Whether some record may have it.</summary>
    public static bool MayHave(ReadOnlySpan<byte> bits, ulong word)
    {
        // Whoever emptied it shall not stop a search.
        if (bits.IsEmpty) return true;
        for (var probe = 0; probe < Probes; probe++)
        {
            var place = Place(word, probe, bits.Length);
            if ((bits[place / 8] >> (place % 8) & 1) == 0) return false;
        }

        return true;
    }

    private static int Place(ulong word, int probe, int bytes) => (int)(((uint)word + (ulong)probe * (uint)((word >> 32) | 1)) % ((ulong)bytes * 8));

    private void Add(char column, string? value)
    {
        if (value is not null) _words.Add(Word(column, value));
    }
}
