using System.Net.Sockets;
using System.Text;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

/// <summary>The family SM: whatever two servers could cut apart in different places is refused, and the connection ends.</summary>
public class FramingTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n";

    public static TheoryData<string> Leniencies() => new(
        // Bare line feeds.
        "GET / HTTP/1.1\nHost: app.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\nX-A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: b\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\n\n",
        // Lengths that are not digits alone, or two of them.
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: +5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: -5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5.0\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length:\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 99999999999999999999999999\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 9223372036854775808\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        // Transfer-Encoding that is not one "chunked".
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: \u000Bchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked;x\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding:\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // Both.
        "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        // Names and lines that are none.
        "GET / HTTP/1.1\r\nHost: app.test\r\nX\u000BA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX\u007FA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX(A): b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\n X-A: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: b\r\n\tfolded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\n: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: a\u000Bb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nX-A: \u00FF\u00FE\r\n\r\n",
        // Hosts.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test\r\nHost: app.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: app.test, app.test\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: user@app.test\r\n\r\n",
        // A body before the switch to another protocol.
        "GET / HTTP/1.1\r\nHost: app.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello");

    [Theory]
    [MemberData(nameof(Leniencies))]
    [Trait("advisory", "35")]
    [Trait("advisory", "40")]
    [Trait("advisory", "49")]
    public async Task What_two_servers_could_read_differently_is_refused(string request)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.SendAsync(door.Port, request + Smuggled);
        Assert.Equal(400, Wire.StatusOf(answer));
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(upstream.Heads);
    }

    [Theory]
    [InlineData("5;a=b\nhello\r\n0\r\n\r\n")]
    [InlineData("5;\n\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloo\r\n0\r\n\r\n")]
    [InlineData("100000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [Trait("advisory", "73")]
    public async Task A_malformed_chunk_never_starts_another_request(string chunks)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.SendAsync(door.Port, "POST /first HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + Smuggled);
        Assert.DoesNotContain(upstream.Heads, head => head.Contains("smuggled", StringComparison.Ordinal));
        Assert.True(upstream.Heads.Count <= 1);
        Assert.Empty(upstream.Bodies);
    }

    [Fact]
    [Trait("advisory", "71")]
    [Trait("advisory", "156")]
    public async Task Bytes_behind_a_refused_upgrade_are_a_request_of_their_own_and_judged()
    {
        await using var upstream = new RecordingUpstream { Answer = _ => "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno" };
        await using var closed = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url), Way.To("app.test", "/admin", closed.Url) with { Guarded = true });
        var answer = await Wire.SendAsync(door.Port, """
            GET /ws HTTP/1.1
            Host: app.test
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            GET /admin/x HTTP/1.1
            Host: app.test
            Connection: close


            """.ReplaceLineEndings("\r\n"));
        Assert.Equal(2, answer.Split("HTTP/1.1 403").Length - 1);
        Assert.StartsWith("GET /ws ", upstream.Only, StringComparison.Ordinal);
        Assert.Empty(closed.Heads);
    }

    [Theory]
    [InlineData("CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\n\r\n", 405)]
    [InlineData("TRACE / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("get / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("Delete / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: app.test\r\nExpect: something\r\nConnection: close\r\n\r\n", 417)]
    [InlineData("GET /.doorward/sw.js HTTP/1.1\r\nHost: app.test\r\nService-Worker: script\r\nConnection: close\r\n\r\n", 403)]
    [Trait("advisory", "60")]
    [Trait("advisory", "70")]
    [Trait("advisory", "112")]
    [Trait("advisory", "196")]
    public async Task What_is_not_offered_is_refused_by_its_own_status(string request, int status)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.SendAsync(door.Port, request.StartsWith("CONNECT", StringComparison.Ordinal) ? request + "GET /smuggled HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n" : request);
        Assert.Equal(status, Wire.StatusOf(answer));
        Assert.DoesNotContain(upstream.Heads, head => !head.StartsWith("GET /smuggled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_one_by_one()
    {
        await using var upstream = new RecordingUpstream { Answer = head => $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{head.Split(' ')[1]}" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(
            string.Concat(Enumerable.Range(0, 10).Select(i => $"GET /{i} HTTP/1.1\r\nHost: app.test\r\n{(i == 9 ? "Connection: close\r\n" : "")}\r\n"))));
        var answer = await Wire.ReadToEndAsync(client.GetStream());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"/{i}"), answer.Split("HTTP/1.1 200 OK").Skip(1).Select(Wire.BodyOf));
    }
}
