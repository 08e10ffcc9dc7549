using System.Net.Sockets;
using System.Text;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

/// <summary>An upstream that answers before it has read the request's body, and closes.</summary>
public class EarlyAnswerTests
{
    [Theory]
    [InlineData("Content-Length: 11", "hello", " ", "world")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n", "1\r\n \r\n", "5\r\nworld\r\n0\r\n\r\n")]
    public async Task Its_answer_reaches_the_client(string framing, string first, string second, string third)
    {
        var closed = new TaskCompletionSource();
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmuch"u8.ToArray());
                // Closing with bytes unread makes it a reset.
                ((NetworkStream)stream).Socket.LingerState = new(true, 0);
                await stream.DisposeAsync();
                closed.SetResult();
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        var wire = client.GetStream();
        await wire.WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n{framing}\r\n\r\n{first}"));
        await closed.Task;
        await wire.WriteAsync(Encoding.ASCII.GetBytes(second));
        await wire.WriteAsync(Encoding.ASCII.GetBytes(third));

        var answer = await Wire.ReadToEndAsync(wire);
        Assert.Equal(413, Wire.StatusOf(answer));
        Assert.Equal("much", Wire.BodyOf(answer));
    }

    [Fact]
    public async Task A_client_that_goes_on_sending_to_nobody_is_ended()
    {
        var closed = new TaskCompletionSource();
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                ((NetworkStream)stream).Socket.LingerState = new(true, 0);
                await stream.DisposeAsync();
                closed.SetResult();
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        var wire = client.GetStream();
        await wire.WriteAsync("POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 100000000\r\n\r\nhello"u8.ToArray());
        await closed.Task;
        var sending = SendAsync(wire);

        Assert.Equal(502, Wire.StatusOf(await Wire.ReadUntilAsync(wire, "\r\n\r\n")));
        client.Dispose();
        await sending;
        Assert.InRange((await door.OutcomeAsync()).BytesIn, 5, 8 * 1024 * 1024);
    }

    private static async Task SendAsync(NetworkStream wire)
    {
        try
        {
            var piece = new byte[64 * 1024];
            while (true) await wire.WriteAsync(piece);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
        }
    }
}
