using System.Net;

namespace Doorward.Policy.Tests.Naive;

internal static class NaiveLocks
{
    public static bool Match(Facts facts) => facts.Locks.All.Any(one => Matches(one, facts));

    private static bool Matches(Lock one, Facts facts) => one.Kind switch
    {
        LockKind.Address => MatchesAddress(one.Key, facts.SourceIp),
        LockKind.Route => one.Key == facts.Route,
        LockKind.Session => one.Key == facts.Session?.Id,
        LockKind.Person => one.Key == facts.Person?.Id,
        LockKind.Group => facts.Person?.Groups?.Any(group => group.Id == one.Key) ?? false,
        _ => one.Key == facts.Device?.Id,
    };

    // What cannot be read locks everything of its kind.
    private static bool MatchesAddress(string key, IPAddress? address)
    {
        if (IPAddress.TryParse(key, out var single)) return address is not null && Bits(single) == Bits(address);
        if (key.Split('/') is not [var network, var length] || !IPAddress.TryParse(network, out var start) || !int.TryParse(length, out var bits)) return true;
        return address is not null && Bits(address)[..Prefix(start, bits)] == Bits(start)[..Prefix(start, bits)];
    }

    private static int Prefix(IPAddress network, int bits) => network.GetAddressBytes().Length == 4 ? bits + 96 : bits;

    /// <summary>An address as 128 zeros and ones, a v4 address as the v6 one that it is mapped to.</summary>
    public static string Bits(IPAddress address) => string.Concat(address.MapToIPv6().GetAddressBytes().Select(part => $"{part:b8}"));
}
