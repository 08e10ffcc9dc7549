using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Net;

namespace Doorward.Policy.Evaluation;

/// <summary>Networks, found by the bits they share: one look-up for each prefix length in use, however many networks.</summary>
internal sealed class NetworkSet
{
    private const int V4Bits = 32;
    private const int V6Bits = 128;

    private readonly (UInt128 Mask, FrozenSet<UInt128> Networks)[] _v4;
    private readonly (UInt128 Mask, FrozenSet<UInt128> Networks)[] _v6;

    public NetworkSet(IEnumerable<IPNetwork> networks)
    {
        var read = networks.Select(network => (Bits: Bits(network.BaseAddress, out var v4), V4: v4, network.PrefixLength)).ToList();
        _v4 = ByLength(read.Where(network => network.V4).Select(network => (network.Bits, network.PrefixLength)), V4Bits);
        _v6 = ByLength(read.Where(network => !network.V4).Select(network => (network.Bits, network.PrefixLength)), V6Bits);
    }

    /// <summary>Whether an address is in one of them; a v4-mapped v6 address counts as the v4.</summary>
    public bool Contains(IPAddress address)
    {
        var bits = Bits(address, out var v4);
        foreach (var (mask, networks) in v4 ? _v4 : _v6)
            if (networks.Contains(bits & mask)) return true;
        return false;
    }

    private static (UInt128 Mask, FrozenSet<UInt128> Networks)[] ByLength(IEnumerable<(UInt128 Bits, int Length)> networks, int bits) =>
        [.. networks.GroupBy(network => network.Length).Select(length =>
        {
            var mask = length.Key == 0 ? UInt128.Zero : UInt128.MaxValue << bits - length.Key;
            return (mask, length.Select(network => network.Bits & mask).ToFrozenSet());
        })];

    private static UInt128 Bits(IPAddress address, out bool v4)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        v4 = length == 4 || address.IsIPv4MappedToIPv6;
        return v4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
