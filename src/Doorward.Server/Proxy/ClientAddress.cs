using System.Net;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy;

/// <summary>Who sent a request, as far as the network tells.</summary>
/// <param name="Address">The client; IPv4 where it was v4-mapped. <see cref="IPAddress.None"/> on a Unix socket.</param>
/// <param name="IsHttps">Whether the client speaks TLS: to Doorward, or to the listed proxy in front.</param>
/// <param name="Hops">The listed proxies behind the client, as X-Forwarded-For writes them; empty for none.</param>
internal readonly record struct ClientOrigin(IPAddress Address, bool IsHttps, string Hops = "")
{
    /// <summary>Whether a listed proxy brought the request and told of its client.</summary>
    public bool BehindProxy => Hops is { Length: > 0 };
}

/// <summary>Believes forwarded headers only from listed proxies; none by default.</summary>
internal sealed class ClientAddress(IReadOnlyList<IPNetwork> trustedProxies)
{
    public ClientOrigin Read(HttpContext context)
    {
        var peer = Unmapped(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var https = context.Request.IsHttps;
        if (trustedProxies.Count == 0 || !IsTrusted(peer))
            return new ClientOrigin(peer, https);
        var headers = context.Request.Headers;
        if (headers["X-Forwarded-Proto"] is { Count: > 0 } proto)
            https = LastOf(proto[^1]).Equals("https", StringComparison.OrdinalIgnoreCase);
        return Walk(peer, headers["X-Forwarded-For"].ToArray(), https);
    }

    /// <summary>From the right, past listed proxies, to the first address that is none. What is no address ends the belief in all of them.</summary>
    private ClientOrigin Walk(IPAddress peer, string?[] lines, bool https)
    {
        var client = peer;
        var hops = "";
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            for (var rest = lines[i].AsSpan(); ;)
            {
                var comma = rest.LastIndexOf(',');
                if (!TryAddress(rest[(comma + 1)..].Trim(), out var address))
                    return new ClientOrigin(peer, https);
                hops = hops.Length == 0 ? client.ToString() : $"{client}, {hops}";
                client = address;
                if (!IsTrusted(client))
                    return new ClientOrigin(client, https, hops);
                if (comma < 0)
                    break;
                rest = rest[..comma];
            }
        }

        return new ClientOrigin(client, https, hops);
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in trustedProxies)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> LastOf(string? value)
    {
        var text = value.AsSpan();
        return text[(text.LastIndexOf(',') + 1)..].Trim();
    }

    /// <summary>An address, alone or with a port as some proxies write it: <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>.</summary>
    private static bool TryAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.StartsWith("["))
        {
            var end = text.IndexOf(']');
            if (end < 0 || (end + 1 < text.Length && text[end + 1] != ':'))
                return false;
            text = text[1..end];
        }
        else if (text.Count(':') == 1)
        {
            text = text[..text.IndexOf(':')];
        }

        // The parser also reads 1, 010.0.0.1 and zones: an address here is written as everybody writes it.
        if (text.Contains('%') || !IPAddress.TryParse(text, out var parsed))
            return false;
        address = Unmapped(parsed);
        return text.Contains(':') || text.SequenceEqual(parsed.ToString());
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
