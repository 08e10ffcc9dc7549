using System.Net;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Doorward.Server.Proxy;

/// <summary>Sets Kestrel up: strict where it is lenient, and with the limits of <see cref="LimitOptions"/>.</summary>
internal static class Listeners
{
    private const string NoBareLineFeed = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>The settings of all listeners. Call once, before any of them.</summary>
    public static void Harden(this KestrelServerOptions kestrel, LimitOptions limits)
    {
        // Kestrel reads the switch when the server is made, and has no property for it.
        AppContext.SetSwitch(NoBareLineFeed, true);
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = RequestHeaderEncodings.Select;
        // Upstreams send UTF-8 in headers; the HTTP client reads it as Latin-1, so this restores the bytes.
        kestrel.ResponseHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
        var server = kestrel.Limits;
        server.MaxRequestBodySize = limits.RequestBody.Bytes == 0 ? null : limits.RequestBody.Bytes;
        server.MaxRequestLineSize = (int)limits.RequestLine.Bytes;
        server.MaxRequestHeadersTotalSize = (int)limits.HeadersTotal.Bytes;
        server.MaxRequestHeaderCount = limits.HeadersCount;
        server.RequestHeadersTimeout = limits.HeaderTimeout;
        server.KeepAliveTimeout = limits.KeepAlive;
        server.MinRequestBodyDataRate = limits.BodyRate.Bytes == 0 ? null : new MinDataRate(limits.BodyRate.Bytes, limits.BodyRateGrace);
        server.MinResponseDataRate = server.MinRequestBodyDataRate;
        server.Http2.MaxStreamsPerConnection = limits.ConcurrentStreams;
        server.Http2.MaxRequestHeaderFieldSize = (int)limits.HeadersTotal.Bytes;
    }

    public static void ListenHttps(this KestrelServerOptions kestrel, IPEndPoint endpoint, Certificates certificates, LimitOptions limits) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.Use(Taken);
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = certificates.OnConnection,
                HandshakeTimeout = limits.TlsHandshake,
            });
        });

    public static void ListenHttp(this KestrelServerOptions kestrel, IPEndPoint endpoint) =>
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(Taken);
        });

    /// <summary>Where sockets do their work inline, so does what reads and writes them.</summary>
    public static IWebHostBuilder UseOurSockets(this IWebHostBuilder host) => host.UseSockets(sockets =>
    {
        sockets.UnsafePreferInlineScheduling = InlineSockets.IsOn;
        sockets.CreateBoundListenSocket = ListeningSocket.Create;
    });

    /// <summary>Once a connection: it is inline, and a v4-mapped address becomes the v4 address.</summary>
    private static ConnectionDelegate Taken(ConnectionDelegate next) => connection =>
    {
        InlineSockets.Take(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
        if (connection.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped)
            connection.RemoteEndPoint = new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port);
        return next(connection);
    };
}
