using System.Net;
using Doorward.Policy.Syntax;
using static Doorward.Policy.Tests.Naive.NaiveMatchers;

namespace Doorward.Policy.Tests.Naive;

/// <summary>Addresses and certificates.</summary>
internal static class NaiveNetworks
{
    public static bool Holds(IPNetwork network, IPAddress address)
    {
        var v4 = network.BaseAddress.GetAddressBytes().Length == 4;
        var isV4 = address.GetAddressBytes().Length == 4 || address.IsIPv4MappedToIPv6;
        var length = network.PrefixLength + (v4 ? 96 : 0);
        return v4 == isV4 && NaiveLocks.Bits(network.BaseAddress)[..length] == NaiveLocks.Bits(address)[..length];
    }

    public static Truth Judge(ClientCertificateCriterion criterion, CertificateFacts? shown) => shown is null ? Truth.Unknown : Min(
    [
        criterion.Fingerprints is { } fingerprints ? Of(fingerprints.Contains(shown.Fingerprint)) : Truth.True,
        criterion.SpkiHashes is { } hashes ? Of(shown.SpkiHash is { } hash ? hashes.Contains(hash) : null) : Truth.True,
        Names(criterion.SanEmail, shown.SanEmail, shown.Valid),
        Names(criterion.SanDns, shown.SanDns, shown.Valid),
        Names(criterion.SanUri, shown.SanUri, shown.Valid),
    ]);

    private static Truth Names(StringMatcher? matcher, IReadOnlyList<string> names, bool valid) =>
        matcher is null ? Truth.True : Of(valid ? names.Any(name => Matches(matcher, name)) : null);
}
