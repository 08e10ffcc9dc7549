using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Doorward.Server.Audit;

/// <summary>
/// Keeps strangers from filling the trail: of the refusals of requests without a session, the first of each second, address and
/// route are written one by one, the rest are counted. The seconds are those between two calls of <see cref="Take"/>.
/// </summary>
internal sealed class Strangers
{
    /// <summary>Enough to see what a person with a wrong link, or a scanner, tried.</summary>
    private const int WrittenPerSecond = 20;

    /// <summary>Pairs of address and route counted apart in one second; memory stays below a megabyte. Others are counted together.</summary>
    private const int MostCounters = 4096;

    /// <summary>IPv6 hosts choose the lower half of their address themselves.</summary>
    private const int Ipv6NetworkBytes = 8;

    private Second _second = new();
    private Second _before = new();

    /// <summary>Whether this refusal is written by itself. If not, it was counted.</summary>
    public bool Admit(IPAddress? address, string? route)
    {
        var second = Volatile.Read(ref _second);
        var key = (Network(address), route);
        if (!second.Counters.TryGetValue(key, out var counter))
        {
            if (Interlocked.Increment(ref second.Used) > MostCounters)
            {
                Interlocked.Increment(ref second.Others);
                return false;
            }
            counter = second.Counters.GetOrAdd(key, static _ => new());
        }
        return Interlocked.Increment(ref counter.Seen) <= WrittenPerSecond;
    }

    /// <summary>Counts one for whose record there was no room.</summary>
    public void Count() => Interlocked.Increment(ref Volatile.Read(ref _second).Others);

    /// <summary>What was counted and not written in the second before the last: whoever was counting then has long finished.</summary>
    public IReadOnlyList<StrangerCount> Take()
    {
        var taken = _before;
        _before = Interlocked.Exchange(ref _second, new());
        var counts = taken.Counters
            .Select(pair => new StrangerCount(pair.Key.Address, pair.Key.Route, pair.Value.Seen - WrittenPerSecond))
            .Where(count => count.Count > 0)
            .ToList();
        if (taken.Others > 0) counts.Add(new(null, null, taken.Others));
        return counts;
    }

    private static IPAddress? Network(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[Ipv6NetworkBytes..].Clear();
        return new(bytes);
    }

    private sealed class Second
    {
        public readonly ConcurrentDictionary<(IPAddress? Address, string? Route), Counter> Counters = [];
        public int Used;
        public long Others;
    }

    private sealed class Counter
    {
        public long Seen;
    }
}

/// <summary>Refusals that were counted and not written one by one; without address and route, those of too many of them.</summary>
internal readonly record struct StrangerCount(IPAddress? Address, string? Route, long Count);
