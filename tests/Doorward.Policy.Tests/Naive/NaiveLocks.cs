using System.Net;

namespace Doorward.Policy.Tests.Naive;

internal static class NaiveLocks
{
    public static bool Match(Facts facts) => facts.Locks.All.Any(one => Matches(one, facts));

    private static bool Matches(Lock one, Facts facts) => one.Kind switch
    {
        LockKind.Address => facts.SourceIp is { } address && MatchesAddress(one.Key, address),
        LockKind.Route => Is(one, facts.Route),
        LockKind.Session => Is(one, facts.Session?.Id),
        LockKind.Person => Is(one, facts.Person?.Id),
        LockKind.Group => facts.Person?.Groups?.Any(group => Is(one, group.Id)) ?? false,
        _ => Is(one, facts.Device?.Id),
    };

    // What is not known matches no lock; a lock that cannot be read locks everything of its kind.
    private static bool Is(Lock one, string? key) => key is not null && (one.Key.Length == 0 || one.Key == key);

    private static bool MatchesAddress(string key, IPAddress address)
    {
        var parts = key.Split('/');
        if (!IPAddress.TryParse(parts[0], out var start)) return true;
        var length = start.GetAddressBytes().Length * 8;
        if (parts.Length == 2 && !int.TryParse(parts[1], out length)) return true;
        if (length <= 32 && start.GetAddressBytes().Length == 4) length += 96;
        return IsV4(start) == IsV4(address) && Bits(start)[..length] == Bits(address)[..length];
    }

    private static bool IsV4(IPAddress address) => address.IsIPv4MappedToIPv6 || address.GetAddressBytes().Length == 4;

    /// <summary>An address as 128 zeros and ones, a v4 address as the v6 one that it is mapped to.</summary>
    public static string Bits(IPAddress address) => string.Concat(address.MapToIPv6().GetAddressBytes().Select(part => $"{part:b8}"));
}
