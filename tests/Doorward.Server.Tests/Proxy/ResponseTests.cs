using System.Collections.Frozen;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Doorward.Server.Tests.Proxy.Rig;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Tests.Proxy;

public class ResponseTests
{
    [Fact]
    public async Task What_belongs_to_the_upstreams_connection_or_to_Doorward_goes_no_further()
    {
        var answer = await AnswerAsync(
            "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "Alt-Svc: h3=\":443\"", "X-Doorward-Assertion: leaked", "x_doorward_claim: leaked",
            "Proxy-Authenticate: Basic", "Set-Cookie: a=1; Path=/", "Set-Cookie: __Host-doorward=forged; Path=/; Secure", "Set-Cookie: =doorward=forged",
            "Set-Cookie: __HOST-Doorward_nonce=forged", "Set-Cookie: b=2", "X-Stays: 1");
        foreach (var gone in (string[])["X-Hop", "Keep-Alive", "Alt-Svc", "X-Doorward-Assertion", "x_doorward_claim", "Proxy-Authenticate"])
            Assert.Null(Wire.HeaderOf(answer, gone));
        Assert.Equal("1", Wire.HeaderOf(answer, "X-Stays"));
        Assert.DoesNotContain("forged", answer, StringComparison.Ordinal);
        Assert.Equal(["Set-Cookie: a=1; Path=/", "Set-Cookie: b=2"], answer.Split("\r\n").Where(line => line.StartsWith("Set-Cookie", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Header_bytes_above_ASCII_arrive_as_sent()
    {
        var answer = await AnswerAsync("Content-Disposition: attachment; filename=\"caf\u00C3\u00A9.pdf\"");
        Assert.Equal("attachment; filename=\"caf\u00C3\u00A9.pdf\"", Wire.HeaderOf(answer, "Content-Disposition"));
    }

    [Fact]
    [Trait("advisory", "65")]
    [Trait("advisory", "157")]
    public async Task A_redirect_is_the_clients_to_follow()
    {
        await using var elsewhere = new RecordingUpstream();
        await using var upstream = new RecordingUpstream { Answer = _ => $"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Url}/\r\nContent-Length: 0\r\n\r\n" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        foreach (var upgrade in (string[][])[[], ["Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]])
        {
            var answer = await Wire.GetAsync(door.Port, "app.test", "/", [.. upgrade, "Authorization: Basic YTpi", "Cookie: a=b"]);
            Assert.Equal(302, Wire.StatusOf(answer));
            Assert.Equal(elsewhere.Url + "/", Wire.HeaderOf(answer, "Location"));
        }

        Assert.Empty(elsewhere.Heads);
    }

    [Fact]
    public async Task A_route_sets_and_rewrites_response_headers()
    {
        await using var upstream = new RecordingUpstream
        {
            Answer = _ => "HTTP/1.1 201 Made\r\nLocation: http://internal/x\r\nX-Frame-Options: ALLOW\r\nServer: secret\r\nContent-Length: 0\r\n\r\n",
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url) with
        {
            Headers = new()
            {
                SetResponse = new Dictionary<string, HeaderTemplate> { ["X-Frame-Options"] = Way.Template("DENY"), ["X-Echo"] = Way.Template("${request.headers[\"X-Said\"]}") }.ToFrozenDictionary(),
                RewriteResponse = [new("Location", "http://internal/", "https://app.test/"), new("X-Missing", "a", "b")],
            },
        });
        var answer = await Wire.GetAsync(door.Port, "app.test", "/", "X-Said: hello");
        Assert.StartsWith("HTTP/1.1 201 Made\r\n", answer, StringComparison.Ordinal);
        Assert.Equal("https://app.test/x", Wire.HeaderOf(answer, "Location"));
        Assert.Equal("DENY", Wire.HeaderOf(answer, "X-Frame-Options"));
        Assert.Equal("hello", Wire.HeaderOf(answer, "X-Echo"));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\nETag: \"x\"\r\n\r\n", 304)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200)]
    public async Task Odd_but_lawful_answers_pass(string raw, int status)
    {
        await using var upstream = new RecordingUpstream { Answer = _ => raw };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(status, Wire.StatusOf(answer));
        Assert.Equal(ForwarderError.None, (await door.OutcomeAsync()).Error);
        Assert.NotEqual("99", Wire.HeaderOf(answer, "Content-Length"));
    }

    [Fact]
    public async Task HEAD_has_the_headers_and_no_body()
    {
        await using var upstream = new RecordingUpstream { Answer = _ => "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n" };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.SendAsync(door.Port, "HEAD / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n");
        Assert.Equal("1234", Wire.HeaderOf(answer, "Content-Length"));
        Assert.Equal("", Wire.BodyOf(answer));
        Assert.Equal((EndedBy.Itself, 0L), (await door.OutcomeAsync()) is var outcome ? (outcome.EndedBy, outcome.BytesOut) : default);
    }

    private static async Task<string> AnswerAsync(params string[] headers)
    {
        await using var upstream = new RecordingUpstream
        {
            Answer = _ => $"HTTP/1.1 200 OK\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Content-Length: 2\r\n\r\nok",
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(200, Wire.StatusOf(answer));
        return answer;
    }
}
