using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Doorward.Server.Proxy.Targets;

/// <summary>The host that is asked for, in its one normal form.</summary>
/// <param name="Name">Lower case, without port or the root's dot; IPv6 in brackets, as RFC 5952 writes it. Internationalised names stay in their ASCII form.</param>
/// <param name="Port">As sent, or the scheme's own.</param>
internal readonly record struct RequestHost(string Name, int Port)
{
    // RFC 1035, 2.3.4: an octet a label's length; 253 characters without the root's dot.
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    // The underscore is no host name's by RFC 952, but common in private DNS.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    private static readonly SearchValues<char> UpperCase = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Reads a Host header or an authority. Allocates nothing where it is already normal and has no port.</summary>
    public static Defect Parse(string? text, bool https, out RequestHost host)
    {
        host = default;
        if (string.IsNullOrEmpty(text))
            return Defect.HostMissing;
        var port = https ? 443 : 80;
        var nameEnd = text[0] == '[' ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (nameEnd == 0)
            return Defect.HostMalformed;
        if (nameEnd < 0)
            nameEnd = text.Length;
        if (nameEnd < text.Length && !TryPort(text.AsSpan(nameEnd), out port))
            return Defect.HostMalformed;
        var name = text[0] == '[' ? Address(text.AsSpan(1, nameEnd - 2)) : NormalName(text, nameEnd);
        if (name is null)
            return Defect.HostMalformed;
        host = new RequestHost(name, port);
        return Defect.None;
    }

    private static bool TryPort(ReadOnlySpan<char> text, out int port)
    {
        port = 0;
        return text.Length is > 1 and <= 6 && text[0] == ':' && text[1] != '0'
            && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
    }

    private static string? Address(ReadOnlySpan<char> text) =>
        !text.Contains('%') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : null;

    private static string? NormalName(string text, int end)
    {
        if (end > 1 && text[end - 1] == '.')
            end--;
        var name = text.AsSpan(0, end);
        if (name.Length is 0 or > MaxName || name.IndexOfAnyExcept(NameCharacters) >= 0)
            return null;
        for (var start = 0; start <= name.Length;)
        {
            var label = name[start..].IndexOf('.');
            if (label < 0)
                label = name.Length - start;
            if (label is 0 or > MaxLabel)
                return null;
            start += label + 1;
        }

        if (name.ContainsAny(UpperCase))
            return string.Create(end, text, static (span, source) => source.AsSpan(0, span.Length).ToLowerInvariant(span));
        return end == text.Length ? text : text[..end];
    }

    /// <summary>As a Host header says it: the scheme's own port is left out.</summary>
    public string TextFor(bool https) => Port == (https ? 443 : 80) ? Name : ToString();

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Port}");
}
