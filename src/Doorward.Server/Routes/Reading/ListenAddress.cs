using System.Globalization;
using System.Net;

namespace Doorward.Server.Routes.Reading;

/// <summary>Where to listen: an address, or every address of the machine, and a port.</summary>
/// <param name="Address">Null for every address, IPv6 and IPv4.</param>
/// <param name="Port">0 for any free one.</param>
internal readonly record struct ListenAddress(IPAddress? Address, int Port)
{
    public IPEndPoint EndPoint => new(Address ?? IPAddress.IPv6Any, Port);

    /// <summary>Reads <c>:443</c>, <c>10.0.0.1:443</c>, <c>[::1]:443</c> or <c>localhost:443</c>.</summary>
    public static bool TryParse(string text, out ListenAddress address)
    {
        address = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            return false;
        var host = text[..colon];
        if (host is "" or "*")
        {
            address = new(null, port);
            return true;
        }

        // IPAddress.Parse also reads 1 and 0x7f.1: only the usual spelling counts, and IPv6 in brackets.
        var ip = IPAddress.Loopback;
        if (host != "localhost" && (!IPAddress.TryParse(host, out ip) || new IPEndPoint(ip, 0).ToString() != host + ":0")) return false;
        address = new(ip, port);
        return true;
    }

    public bool IsLoopback => Address is not null && IPAddress.IsLoopback(Address);

    public override string ToString() => Address is null ? $":{Port}" : new IPEndPoint(Address, Port).ToString();
}
