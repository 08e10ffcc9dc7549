using System.Net.Sockets;
using System.Text;
using Doorward.Server.Proxy;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Tests.Proxy;

/// <summary>An upstream that misbehaves harms only its own request.</summary>
public class HostileUpstreamTests
{
    private static readonly string Long = new('x', 1000);

    public static TheoryData<string> Answers() => new(
        "",
        "HTTP",
        "nonsense\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nX: " + string.Concat(Enumerable.Repeat(Long, 100)) + "\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: {Long}\r\n")) + "Content-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nsmuggled");

    [Theory]
    [MemberData(nameof(Answers))]
    [Trait("advisory", "76")]
    public async Task An_answer_that_is_none_becomes_502_and_the_next_request_is_served(string raw)
    {
        var hostile = true;
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
                await stream.WriteAsync(Encoding.Latin1.GetBytes(hostile ? raw : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")),
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(502, Wire.StatusOf(answer));
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("smuggled", answer, StringComparison.Ordinal);
        var outcome = await door.OutcomeAsync();
        Assert.Equal((502, EndedBy.Upstream, true), (outcome.Status, outcome.EndedBy, outcome.NeedsAnswer));
        hostile = false;
        Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n")]
    public async Task A_response_that_breaks_off_never_looks_complete(string raw)
    {
        await using var upstream = new RecordingUpstream { Converse = (_, stream) => stream.WriteAsync(Encoding.Latin1.GetBytes(raw)).AsTask() };
        var settings = new DoorSettings
        {
            Identify = (context, request) =>
            {
                context.Features.Set<IHttpRequestLifetimeFeature>(new AbortedAtOnce(context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>()));
                return request;
            },
        };
        await using var door = await Door.OpenAsync(settings, Way.To("app.test", "/", upstream.Url));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.True(Wire.StatusOf(answer) == 502 || !answer.Contains("\r\n0\r\n\r\n", StringComparison.Ordinal), answer);
        Assert.NotEqual(10, Wire.BodyOf(answer).Length);
        Assert.Equal(EndedBy.Upstream, (await door.OutcomeAsync()).EndedBy);
    }

    [Fact]
    public async Task Endless_trailers_end_at_a_limit()
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"u8.ToArray());
                for (var i = 0; i < 100_000; i++)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-{i}: {Long}\r\n"));
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(EndedBy.Upstream, (await door.OutcomeAsync()).EndedBy);
    }

    [Fact]
    public async Task A_flood_of_interim_answers_ends()
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = async (_, stream) =>
            {
                while (true)
                    await stream.WriteAsync("HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray());
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { Timeout = TimeSpan.FromMilliseconds(300) }));
        // Or at the limit of header bytes, whichever comes first.
        Assert.True(Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")) is 502 or 504);
        Assert.True((await door.OutcomeAsync()).EndedBy is EndedBy.Timeout or EndedBy.Upstream);
    }

    [Fact]
    [Trait("advisory", "6")]
    public async Task GOAWAY_and_SETTINGS_in_one_segment_fail_one_request_only()
    {
        var hostile = true;
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var accepting = AcceptAsync(listener, () => hostile);
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await using (var door = await Door.OpenAsync(Way.To("app.test", "/", $"h2c://127.0.0.1:{port}")))
        {
            Assert.Equal(502, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
            hostile = false;
            Assert.Equal(200, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
        }

        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => accepting);
    }

    [Fact]
    [Trait("advisory", "46")]
    public async Task A_reset_by_the_upstream_is_502()
    {
        await using var upstream = new RecordingUpstream
        {
            Converse = (_, stream) =>
            {
                ((NetworkStream)stream).Socket.LingerState = new LingerOption(true, 0);
                return Task.CompletedTask;
            },
        };
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", upstream.Url));
        for (var i = 0; i < 50; i++)
            Assert.Equal(502, Wire.StatusOf(await Wire.GetAsync(door.Port, "app.test", "/")));
    }

    [Fact]
    public async Task Nobody_listening_is_502()
    {
        await using var door = await Door.OpenAsync(Way.To("app.test", "/", $"http://127.0.0.1:{FreePort.Next()}"));
        var answer = await Wire.GetAsync(door.Port, "app.test", "/");
        Assert.Equal(502, Wire.StatusOf(answer));
        Assert.Contains("502 Request None", Wire.BodyOf(answer), StringComparison.Ordinal);
    }

    private static async Task AcceptAsync(TcpListener listener, Func<bool> hostile)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var settings = RawHttp2.Frame(4, 0, 0, []);
            if (hostile())
            {
                await stream.WriteAsync((byte[])[.. RawHttp2.Frame(7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), .. settings, .. settings]);
                continue;
            }

            await stream.WriteAsync(settings);
            // The client's preface and settings, then its HEADERS on stream 1; answered with ":status: 200" (static entry 8), end of stream.
            var buffer = new byte[4096];
            var seen = 0;
            while (seen < 100)
                seen += await stream.ReadAsync(buffer);
            await stream.WriteAsync((byte[])[.. RawHttp2.Frame(4, 1, 0, []), .. RawHttp2.Frame(1, 5, 1, [0x88])]);
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
    }

    /// <summary>The server tells of an abort on another thread: here always before whoever aborted goes on, as on a busy machine.</summary>
    private sealed class AbortedAtOnce(IHttpRequestLifetimeFeature inner) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get => inner.RequestAborted; set => inner.RequestAborted = value; }

        public void Abort()
        {
            inner.Abort();
            RequestAborted.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
        }
    }
}
