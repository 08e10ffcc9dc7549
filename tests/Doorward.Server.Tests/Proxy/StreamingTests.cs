using System.Net.Sockets;
using System.Text;
using Doorward.Server.Proxy;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

public class StreamingTests
{
    [Fact]
    public async Task Each_piece_of_a_request_passes_as_soon_as_it_comes()
    {
        using var arrived = new SemaphoreSlim(0);
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                for (var i = 0; i < 3; i++)
                {
                    await Wire.ReadUntilAsync(stream, $"6\r\npiece{i}\r\n");
                    arrived.Release();
                }

                await Wire.ReadUntilAsync(stream, "0\r\n\r\n");
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        var connection = client.GetStream();
        await connection.WriteAsync("POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        for (var i = 0; i < 3; i++)
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"6\r\npiece{i}\r\n"));
            Assert.True(await arrived.WaitAsync(Eventually.Patience));
        }

        await connection.WriteAsync("0\r\n\r\n"u8.ToArray());
        await Wire.ReadUntilAsync(connection, "\r\n\r\nok");
        var outcome = await door.OutcomeAsync();
        Assert.Equal((200, EndedBy.Itself, 18L, 2L), (outcome.Status, outcome.EndedBy, outcome.BytesIn, outcome.BytesOut));
    }

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one()
    {
        using var next = new SemaphoreSlim(0);
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"u8.ToArray());
                for (var i = 0; i < 3; i++)
                {
                    await next.WaitAsync();
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"data: {i}\n\n"));
                }
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"u8.ToArray());
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            await Wire.ReadUntilAsync(client.GetStream(), $"data: {i}\n\n");
        }

        Assert.Equal(27, (await door.OutcomeAsync()).BytesOut);
    }

    [Fact]
    public async Task A_body_waits_for_100_continue_from_the_upstream()
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                await Wire.ReadUntilAsync(stream, "hello");
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: app.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"u8.ToArray());
        await Wire.ReadUntilAsync(client.GetStream(), "HTTP/1.1 100 Continue\r\n\r\n");
        await client.GetStream().WriteAsync("hello"u8.ToArray());
        await Wire.ReadUntilAsync(client.GetStream(), "\r\n\r\nok");
        Assert.Equal(["100-continue"], upstream.Headers("Expect"));
    }

    [Fact]
    public async Task A_refusal_instead_of_100_continue_needs_no_body()
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = (_, stream) => stream.WriteAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray()).AsTask(),
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: app.test\r\nExpect: 100-continue\r\nContent-Length: 50000\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 413", await Wire.ReadUntilAsync(client.GetStream(), "\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_passes_both_ways_whole()
    {
        await using var upstream = await KestrelUpstream.StartAsync(context => context.Request.Body.CopyToAsync(context.Response.Body));
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", $"http://127.0.0.1:{upstream.Port}"));
        var body = new byte[3_000_000];
        new Random(7).NextBytes(body);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{door.Port}/") { Content = new ByteArrayContent(body), Headers = { Host = "app.test" } };
        using var answer = await http.SendAsync(request);
        Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
        var outcome = await door.OutcomeAsync();
        Assert.Equal((body.Length, body.Length), (outcome.BytesIn, outcome.BytesOut));
    }

    [Fact]
    public async Task Headers_about_a_body_pass_without_one()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/", "Content-Type: application/json", "Content-Language: en");
        Assert.Equal(["application/json"], upstream.Headers("Content-Type"));
        Assert.Equal(["en"], upstream.Headers("Content-Language"));
        Assert.Empty(upstream.Headers("Transfer-Encoding"));
    }

    [Fact]
    public async Task A_connection_to_the_upstream_is_used_again_also_after_a_reload()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/1");
        await door.UseAsync(Way.To("app.test", "/", upstream.Url), Way.To("other.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/2");
        await Wire.GetAsync(door.Port, "other.test", "/3");
        Assert.Equal(3, upstream.Heads.Count);
        Assert.Equal(1, upstream.Connections);
    }
}
