using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Doorward.Demo.Sample;

/// <summary>Two streams that last: the time once a second, as server-sent events and over a WebSocket.</summary>
internal static class Clocks
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public static async Task EventsAsync(HttpContext http, TimeProvider time, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            while (true)
            {
                await http.Response.WriteAsync($"data: {Now(time)}\n\n", ends.Token);
                await http.Response.Body.FlushAsync(ends.Token);
                await Task.Delay(Beat, time, ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or the demo ends.
        }
    }

    /// <summary>Also sends back what it is sent.</summary>
    public static async Task SocketAsync(HttpContext http, TimeProvider time, CancellationToken stopping)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        using var sending = new SemaphoreSlim(1);
        try
        {
            await Task.WhenAny(TickAsync(socket, time, sending, ends.Token), EchoAsync(socket, sending, ends.Token)).Unwrap();
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ends.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The other side has gone without a word, or the demo ends.
        }
        finally
        {
            await ends.CancelAsync();
        }
    }

    private static async Task TickAsync(WebSocket socket, TimeProvider time, SemaphoreSlim sending, CancellationToken ends)
    {
        while (socket.State == WebSocketState.Open)
        {
            await SendAsync(socket, Encoding.UTF8.GetBytes(Now(time)), sending, ends);
            await Task.Delay(Beat, time, ends);
        }
    }

    private static async Task EchoAsync(WebSocket socket, SemaphoreSlim sending, CancellationToken ends)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, ends);
            if (received.MessageType == WebSocketMessageType.Close) return;
            if (received.MessageType == WebSocketMessageType.Text && received.EndOfMessage)
                await SendAsync(socket, buffer.AsMemory(0, received.Count), sending, ends);
        }
    }

    private static async Task SendAsync(WebSocket socket, ReadOnlyMemory<byte> text, SemaphoreSlim sending, CancellationToken ends)
    {
        await sending.WaitAsync(ends);
        try
        {
            await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, ends);
        }
        finally
        {
            sending.Release();
        }
    }

    private static string Now(TimeProvider time) => time.GetUtcNow().ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
