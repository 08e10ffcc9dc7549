using System.Net.WebSockets;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorward.Revocation.Site;

/// <summary>What stands behind Doorward: streams that never end by themselves, and say something each second; many say nothing after the first, as most streams do most of the time.</summary>
internal static class Service
{
    public const string Download = "/download", Events = "/events", Socket = "/socket", Calls = "/calls", Many = "/many", Page = "/page";

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    // One message of five bytes, uncompressed (gRPC over HTTP/2, Length-Prefixed-Message).
    private static readonly byte[] _message = [0, 0, 0, 0, 5, .. "hello"u8];

    /// <summary>Over HTTP/1.1, or over HTTP/2 without TLS.</summary>
    public static Task<KestrelUpstream> StartAsync(HttpProtocols protocols) => KestrelUpstream.StartAsync(app => app.UseWebSockets().Run(ServeAsync), _ => { }, protocols);

    private static async Task ServeAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.Value switch
            {
                Socket => ListenAsync(context),
                Events => WriteAsync(context, "text/event-stream", "data: tick\n\n"u8.ToArray()),
                Many => WriteAsync(context, "text/event-stream", "data: tick\n\n"u8.ToArray(), silent: true),
                Download => WriteAsync(context, "application/octet-stream", new byte[1024]),
                Calls => WriteAsync(context, "application/grpc", _message),
                _ => context.Response.WriteAsync("hello"),
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException)
        {
            // Ended from outside, as all of them are.
        }
    }

    private static async Task WriteAsync(HttpContext context, string type, byte[] piece, bool silent = false)
    {
        context.Response.ContentType = type;
        for (var pause = silent ? Timeout.InfiniteTimeSpan : _pause; ; await Task.Delay(pause, context.RequestAborted))
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static async Task ListenAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        while ((await socket.ReceiveAsync(Memory<byte>.Empty, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
            if (socket.State != WebSocketState.Open) return;
    }
}
