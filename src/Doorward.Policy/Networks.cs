using System.Buffers;
using System.Globalization;
using System.Net;

namespace Doorward.Policy;

/// <summary>Addresses and networks, strictly spelled; those of IPv4 that are mapped into IPv6 are those of IPv4.</summary>
public static class Networks
{
    private const int MappedPrefix = 96;
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads an address, or a network in CIDR notation. Host bits are cleared.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    /// <returns>False where it is spelled otherwise: octal, hexadecimal or short IPv4, scope ids, surrounding spaces.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address)) return false;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var prefix = length * 8;
        if (slash >= 0 && !TryParsePrefix(text[(slash + 1)..], prefix, out prefix)) return false;
        bytes = bytes[..length];
        // IPNetwork clears the host bits.
        network = length == 16 && prefix >= MappedPrefix && new IPAddress(bytes).IsIPv4MappedToIPv6
            ? new IPNetwork(new IPAddress(bytes[12..]), prefix - MappedPrefix)
            : new IPNetwork(new IPAddress(bytes), prefix);
        return true;
    }

    private static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.IsEmpty || text.ContainsAnyExcept(AddressCharacters)) return false;
        if (text.Contains(':')) return IPAddress.TryParse(text, out address!);
        foreach (var part in text.Split('.'))
            if (text[part] is { Length: 0 or > 3 } or ['0', _, ..]) return false;
        return text.Count('.') == 3 && IPAddress.TryParse(text, out address!);
    }

    private static bool TryParsePrefix(ReadOnlySpan<char> text, int longest, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
        && prefix <= longest && text is { Length: 1 } or [not '0', ..];
}
