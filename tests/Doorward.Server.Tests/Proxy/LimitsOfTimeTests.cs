using System.Net.Sockets;
using System.Text;
using Doorward.Server.Proxy;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Proxy;

/// <summary>Real clocks here, because the limits are YARP's and Kestrel's; each test waits for an end, never for a time.</summary>
public class LimitsOfTimeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Timeout_runs_from_the_requests_last_byte_to_the_responses_first()
    {
        await using var silent = new RecordingUpstream { Converse = async (_, stream) => await Wire.ReadToEndAsync(stream) };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(silent.Url) with { Timeout = Short }));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(504, Wire.StatusOf(answer));
        var outcome = await door.OutcomeAsync();
        Assert.Equal((504, EndedBy.Timeout, true), (outcome.Status, outcome.EndedBy, outcome.NeedsAnswer));
    }

    [Fact]
    public async Task Timeout_leaves_slow_requests_and_slow_responses_alone()
    {
        var time = new ManualTime();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await Wire.ReadUntilAsync(stream, "ab\r\n");
                begun.SetResult();
                await Wire.ReadUntilAsync(stream, "0\r\n\r\n");
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no"u8.ToArray());
                await go.Task;
                await stream.WriteAsync("k"u8.ToArray());
            },
        };
        await using var door = await Door.OpenAsync(new DoorSettings { Time = time }, Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { Timeout = Short }));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"u8.ToArray());
        await begun.Task.WaitAsync(Eventually.Patience);
        time.Advance(2 * Short);
        await client.GetStream().WriteAsync("0\r\n\r\n"u8.ToArray());
        var answer = await Wire.ReadUntilAsync(client.GetStream(), "\r\n\r\no");
        time.Advance(2 * Short);
        go.SetResult();
        Assert.Equal("ok", Wire.BodyOf(answer + await Wire.ReadUntilAsync(client.GetStream(), "k")));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")]
    public async Task Idle_timeout_ends_what_is_silent_in_both_directions(string start)
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(start));
                await Wire.ReadToEndAsync(stream);
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { Timeout = null, IdleTimeout = Short }));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/",
            start.Contains("101", StringComparison.Ordinal) ? ["Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] : []);
        Assert.DoesNotContain("0\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(EndedBy.Timeout, (await door.OutcomeAsync()).EndedBy);
    }

    [Fact]
    public async Task Without_limits_nothing_of_ours_ends_a_request()
    {
        var config = new Doorward.Server.Proxy.Upstreams.ForwardPlan(
            Way.To("app.test", "/", "http://127.0.0.1:1"),
            Way.UpstreamTo("http://127.0.0.1:1") with { IdleTimeout = null, Timeout = null },
            new("x", Way.UpstreamTo("http://127.0.0.1:1"), new HttpMessageInvoker(new SocketsHttpHandler()))).Config;
        // YARP's own default, where nothing is said, is 100 s.
        Assert.Equal(Timeout.InfiniteTimeSpan, config.ActivityTimeout);
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { IdleTimeout = null, Timeout = null }));
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
    }

    [Fact]
    public async Task A_cut_ends_a_stream_and_says_whose_doing_it_was()
    {
        using var cut = new CancellationTokenSource();
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"u8.ToArray());
                await Wire.ReadToEndAsync(stream);
            },
        };
        await using var door = await Door.OpenAsync(new DoorSettings { Cut = cut.Token }, Way.To("app.test", "/", upstream.Url));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", door.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"u8.ToArray());
        await Wire.ReadUntilAsync(client.GetStream(), "ok\r\n");
        await cut.CancelAsync();
        Assert.DoesNotContain("0\r\n\r\n", await Wire.ReadToEndAsync(client.GetStream()), StringComparison.Ordinal);
        Assert.Equal(EndedBy.Doorward, (await door.OutcomeAsync()).EndedBy);
    }

    [Fact]
    [Trait("advisory", "63")]
    public async Task A_client_that_leaves_ends_the_upstreams_request_too()
    {
        var left = new TaskCompletionSource();
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"u8.ToArray());
                await Wire.ReadToEndAsync(stream);
                left.SetResult();
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync("127.0.0.1", door.Port);
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"u8.ToArray());
            await Wire.ReadUntilAsync(client.GetStream(), "ok\r\n");
            client.Client.LingerState = new LingerOption(true, 0);
        }

        await left.Task.WaitAsync(Eventually.Patience);
        Assert.Equal(EndedBy.Client, (await door.OutcomeAsync()).EndedBy);
    }

    [Fact]
    [Trait("advisory", "78")]
    [Trait("advisory", "95")]
    public async Task Slow_headers_and_slow_bodies_lose_their_connection()
    {
        await using var upstream = new RecordingUpstream();
        var limits = new Doorward.Server.Routes.Options.LimitOptions { HeaderTimeout = TimeSpan.FromSeconds(1), BodyRateGrace = TimeSpan.FromSeconds(1.1) };
        await using var door = await Door.OpenAsync(new DoorSettings { Limits = limits }, Way.To("app.test", "/", upstream.Url));
        var answers = await Task.WhenAll(
            Wire.SendAsync(door.Port, "GET / HTTP/1.1\r\nHost: app.test\r\nX-Slow: "),
            Wire.SendAsync(door.Port, "POST / HTTP/1.1\r\nHost: app.test\r\nContent-Length: 10\r\n\r\nhel"));
        Assert.Equal(408, Wire.StatusOf(answers[0]));
        Assert.Equal(408, Wire.StatusOf(answers[1]));
        Assert.Empty(upstream.Bodies);
    }

    [Theory]
    [InlineData(20_000, 1, 414)]
    [InlineData(1, 200, 431)]
    public async Task Limits_of_size_are_Kestrels_own_answers(int line, int headers, int status)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/" + new string('a', line), [.. Enumerable.Range(0, headers).Select(i => $"X-{i}: 1")]);
        Assert.Equal(status, Wire.StatusOf(answer));
        Assert.Empty(upstream.Heads);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await Door.OpenAsync(new DoorSettings { Limits = new() { RequestBody = new(10) } }, Way.To("app.test", "/", upstream.Url));
        Assert.Equal(413, Wire.StatusOf(await Wire.SendAsync(door.Port, "POST / HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\nContent-Length: 11\r\n\r\nhello world")));
    }
}
