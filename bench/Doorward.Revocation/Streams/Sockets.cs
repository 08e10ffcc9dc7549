using System.Net.WebSockets;
using Doorward.Revocation.Site;
using Doorward.Server.Proxy.Streams;

namespace Doorward.Revocation.Streams;

/// <summary>WebSockets, over HTTP/1.1 as browsers open them.</summary>
internal static class Sockets
{
    public static async Task<Task<End>> OpenAsync(Node node, Person person)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", person.Cookie);
        await socket.ConnectAsync(new UriBuilder(Place.Page(Service.Socket)) { Scheme = "wss" }.Uri, node.Browser, CancellationToken.None);
        await socket.ReceiveAsync(new byte[16], CancellationToken.None);
        return WatchAsync(socket);
    }

    private static async Task<End> WatchAsync(ClientWebSocket socket)
    {
        using var held = socket;
        try
        {
            await socket.ReceiveAsync(new byte[16], CancellationToken.None);
            var end = End.Now($"close {(int?)socket.CloseStatus}", (int?)socket.CloseStatus is LastWord.CloseSignIn or LastWord.CloseDenied);
            // A browser answers by itself.
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
            return end;
        }
        catch (WebSocketException e)
        {
            return End.Now(e.Message, false);
        }
    }
}
