using System.Net.WebSockets;
using System.Text;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>A service that never comes to an end by itself: WebSockets, events, downloads, uploads; over HTTP/2 also gRPC.</summary>
internal static class StreamingService
{
    public static Task<KestrelUpstream> StartAsync() => KestrelUpstream.StartAsync(app => app.UseWebSockets().Run(ServeAsync), _ => { }, HttpProtocols.Http1);

    public static Task<KestrelUpstream> StartGrpcAsync() => KestrelUpstream.StartAsync(
        app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapGrpcService<EchoService>()), services => services.AddGrpc(), HttpProtocols.Http2);

    private static async Task ServeAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.Value switch
            {
                "/ws" => EchoAsync(context),
                "/events" => WriteAsync(context, "text/event-stream", "data: tick\n\n", 20),
                "/events-broken" => WriteAsync(context, "text/event-stream", "data: never whole", 100_000),
                "/download" => WriteAsync(context, "application/octet-stream", new string('x', 1000), 20),
                "/upload" => context.Request.Body.CopyToAsync(Stream.Null),
                _ => context.Response.WriteAsync("hello"),
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or WebSocketException)
        {
            // Ended from outside, as every test here does.
        }
    }

    private static async Task WriteAsync(HttpContext context, string type, string piece, int milliseconds)
    {
        context.Response.ContentType = type;
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(milliseconds, context.RequestAborted);
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { DangerousEnableCompression = true });
        var buffer = new byte[64 * 1024];
        while (socket.State == WebSocketState.Open)
        {
            var read = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (read.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(Encoding.UTF8.GetBytes("echo ").Concat(buffer.Take(read.Count)).ToArray(), read.MessageType, read.EndOfMessage, context.RequestAborted);
        }
    }
}
