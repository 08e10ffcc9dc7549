using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Proxy.Headers;

/// <summary>The protocols that a request may switch to. Any other Upgrade, such as h2c, is just not answered (RFC 9110, 7.8).</summary>
internal static class Switching
{
    public static bool Names(string protocol) => IsWebSocket(protocol) || IsSpdy(protocol);

    public static bool IsWebSocket(string protocol) => protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    public static bool IsSpdy(string protocol) => protocol.StartsWith("SPDY/", StringComparison.OrdinalIgnoreCase);

    /// <summary>By Upgrade in HTTP/1.1, by extended CONNECT (RFC 8441) in HTTP/2; null for a request that stays what it is.</summary>
    public static string? ProtocolOf(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: var protocol })
            return protocol;
        var upgrade = context.Request.Headers.Upgrade;
        if (upgrade.Count == 0 || context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true })
            return null;
        return upgrade.ToString() is var text && Names(text) ? text : null;
    }
}
