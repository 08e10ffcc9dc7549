using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Doorward.Server.Routes.Matching;

/// <summary>The one spelling of a host: lower case, no trailing dot, IDN as A-labels, IPv6 in brackets.</summary>
internal static class HostName
{
    /// <summary>RFC 1035 section 2.3.4, in octets.</summary>
    private const int MaxLength = 253;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>Brings a host without a port to its one spelling; null where it is none.</summary>
    public static string? Canonical(string host)
    {
        if (host.StartsWith('['))
            return host.EndsWith(']') && IPAddress.TryParse(host[1..^1], out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 && v6.ScopeId == 0
                ? $"[{v6}]"
                : null;
        if (host.EndsWith('.')) host = host[..^1];
        if (host.Length is 0 or > MaxLength) return null;
        // IDNA's mapping tables are not there (the process runs without ICU): what they would change beyond case is no host here.
        host = host.ToLowerInvariant();
        if (!Ascii.IsValid(host))
        {
            if (host.EnumerateRunes().Any(rune => !rune.IsAscii && !Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)) return null;
            try
            {
                host = Idn.GetAscii(host);
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        foreach (var label in host.AsSpan().Split('.'))
            if (!IsLabel(host.AsSpan(label))) return null;

        // 127.1 and 0x7f.0.0.1 are addresses to some programs and names to others.
        var last = host[(host.LastIndexOf('.') + 1)..];
        return char.IsAsciiDigit(last[0]) && !(IPAddress.TryParse(host, out var v4) && v4.ToString() == host) ? null : host;
    }

    // Underscores are no host names by RFC 952, and are in use all the same.
    private static bool IsLabel(ReadOnlySpan<char> label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && !label.ContainsAnyExcept(LabelCharacters);
}
