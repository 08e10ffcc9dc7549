using Doorward.Revocation.Site;

namespace Doorward.Revocation.Streams;

/// <summary>Opens a stream of a person at a node. The outer task ends when the first bytes have come, the inner one with the stream.</summary>
internal delegate Task<Task<End>> OpenStream(Node node, Person person);

/// <summary>A kind of stream that people have open.</summary>
/// <param name="Name">As the table says it.</param>
internal sealed record Protocol(string Name, OpenStream OpenAsync)
{
    public static readonly IReadOnlyList<Protocol> All =
    [
        new("HTTP/1.1 stream", (node, person) => Bodies.DownloadAsync(node, person, new Version(1, 1))),
        new("HTTP/2 stream", (node, person) => Bodies.DownloadAsync(node, person, new Version(2, 0))),
        new("SSE", Bodies.EventsAsync),
        new("WebSocket", Sockets.OpenAsync),
        new("gRPC", Bodies.CallAsync),
    ];
}
