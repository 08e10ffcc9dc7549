using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy;

/// <summary>Tells browsers to come back by https only (RFC 6797). Not for the hosts below it: they may not be ours.</summary>
internal static class TransportSecurity
{
    /// <summary>One year; the original product's default, and the least that browsers' preload lists take.</summary>
    private const string Header = "max-age=31536000";

    public static void Apply(HttpContext context, ClientOrigin origin)
    {
        if (origin.IsHttps)
            context.Response.Headers.StrictTransportSecurity = Header;
    }
}
