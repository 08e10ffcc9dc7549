using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Doorward.Server.Tests.Proxy.Rig;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Proxy;

public sealed class Http2Tests : IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public async Task A_grpc_call_passes_with_metadata_status_and_both_streams_open()
    {
        await using var upstream = await KestrelUpstream.StartAsync(
            app => app.UseRouting().UseEndpoints(endpoints => endpoints.MapGrpcService<EchoService>()), services => services.AddGrpc(), HttpProtocols.Http2);
        await using var door = await OpenAsync(Way.To("app.test", "/", $"h2c://127.0.0.1:{upstream.Port}"));
        using var channel = GrpcChannel.ForAddress("https://app.test", new GrpcChannelOptions { HttpHandler = HandlerTo(door) });
        var calls = channel.CreateCallInvoker();

        using var unary = calls.AsyncUnaryCall(EchoContract.UnaryMethod, null, new CallOptions(new Metadata { { "x-said", "hi" } }), "ada"u8.ToArray());
        Assert.Equal("hi ada", Encoding.UTF8.GetString(await unary));
        Assert.Equal("trailing", unary.GetTrailers().GetValue("x-trailing"));

        using var failing = calls.AsyncUnaryCall(EchoContract.UnaryMethod, null, new CallOptions(), "fail"u8.ToArray());
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await failing);
        Assert.Equal((StatusCode.FailedPrecondition, "as asked"), (failure.StatusCode, failure.Status.Detail));

        using var duplex = calls.AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, new CallOptions());
        for (var i = 0; i < 3; i++)
        {
            await duplex.RequestStream.WriteAsync(Encoding.UTF8.GetBytes($"ping{i}"));
            Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal($"ping{i}", Encoding.UTF8.GetString(duplex.ResponseStream.Current));
        }

        await duplex.RequestStream.CompleteAsync();
        Assert.False(await duplex.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    [InlineData("2.0", true)]
    [InlineData("1.1", true)]
    public async Task A_websocket_passes_over_either_protocol_to_either(string version, bool upstreamHttp2)
    {
        await using var upstream = await KestrelUpstream.StartAsync(
            app => app.UseWebSockets().Run(EchoSocketAsync), _ => { }, upstreamHttp2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await using var door = await OpenAsync(Way.To("app.test", "/", $"{(upstreamHttp2 ? "h2c" : "http")}://127.0.0.1:{upstream.Port}"));
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("chat");
        using var http = new HttpMessageInvoker(HandlerTo(door));
        await socket.ConnectAsync(new Uri("wss://app.test/ws"), http, CancellationToken.None);
        Assert.Equal("chat", socket.SubProtocol);
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"hello{i}"), WebSocketMessageType.Text, true, CancellationToken.None);
            var buffer = new byte[100];
            var read = await socket.ReceiveAsync(buffer, CancellationToken.None);
            Assert.Equal($"hello{i}", Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        Assert.Equal("done", socket.CloseStatusDescription);
        var outcome = await door.OutcomeAsync();
        Assert.Equal(EndedBy.Itself, outcome.EndedBy);
        Assert.True(outcome is { BytesIn: > 18, BytesOut: > 18 }, outcome.ToString());
    }

    [Theory]
    [InlineData("/public/x%20/admin", 200)]
    [InlineData("/public/x /admin", 400)]
    [InlineData("/public\\..\\admin", 400)]
    [InlineData("/public/..;/admin", 400)]
    [InlineData("/public/..%2fadmin", 400)]
    [Trait("advisory", "41")]
    [Trait("advisory", "115")]
    public async Task What_HTTP2_lets_into_a_path_is_refused(string path, int status)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(Way.To("app.test", "/", upstream.Url));
        Assert.Equal(status, await RawHttp2.StatusAsync(door.HttpsPort, "app.test", [(":method", "GET"), (":scheme", "https"), (":authority", "app.test"), (":path", path)]));
        Assert.Equal(status == 200 ? 1 : 0, upstream.Heads.Count);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "close")]
    [InlineData("keep-alive", "timeout=5")]
    [InlineData("proxy-connection", "keep-alive")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "gzip")]
    [InlineData("x:y", "1")]
    [InlineData("x y", "1")]
    [InlineData("x\u000By", "1")]
    [InlineData("X-Upper", "1")]
    [InlineData("x-a", "a\u000Bb")]
    [InlineData("x-a", "a\r\nx-admin: yes")]
    [InlineData("content-length", "+0")]
    [Trait("advisory", "41")]
    public async Task What_HTTP2_lets_into_headers_is_refused(string name, string value)
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(Way.To("app.test", "/", upstream.Url));
        var status = await RawHttp2.StatusAsync(
            door.HttpsPort, "app.test", [(":method", "GET"), (":scheme", "https"), (":authority", "app.test"), (":path", "/"), (name, value)]);
        // 0: the stream was reset, or the connection ended.
        Assert.True(status is 400 or 0, $"{status}");
        Assert.Empty(upstream.Heads);
    }

    [Fact]
    [Trait("advisory", "5")]
    [Trait("advisory", "5")]
    [Trait("advisory", "47")]
    [Trait("advisory", "51")]
    [Trait("advisory", "116")]
    public async Task Floods_of_frames_end_their_own_connection_and_others_are_served()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(Way.To("app.test", "/", upstream.Url));
        (string, string)[] fields = [(":method", "GET"), (":scheme", "https"), (":authority", "app.test"), (":path", "/")];
        byte[] head = [.. fields.SelectMany(RawHttp2.Literal)];
        await RawHttp2.FloodAsync(door.HttpsPort, "app.test", Enumerable.Range(0, 5000).Select(i => (byte[])
            [.. RawHttp2.Frame(1, 5, (2 * i) + 1, head), .. RawHttp2.Frame(3, 0, (2 * i) + 1, [0, 0, 0, 8])]));
        await RawHttp2.FloodAsync(door.HttpsPort, "app.test",
            Enumerable.Range(0, 10_000).Select(i => i == 0 ? RawHttp2.Frame(1, 1, 1, head) : RawHttp2.Frame(9, 0, 1, [.. RawHttp2.Literal(($"x-{i}", "y"))])));
        await RawHttp2.FloodAsync(door.HttpsPort, "app.test", Enumerable.Repeat(RawHttp2.Frame(4, 0, 0, []), 5000));
        Assert.Equal(200, await RawHttp2.StatusAsync(door.HttpsPort, "app.test", fields));
    }

    [Fact]
    public async Task Authority_alone_names_the_host()
    {
        await using var upstream = new RecordingUpstream();
        await using var closed = new RecordingUpstream();
        await using var door = await OpenAsync(Way.To("app.test", "/", Way.UpstreamTo(upstream.Url) with { HostRewrite = new(HostRewriteKind.Preserve) }), Way.To("other.test", "/", closed.Url));
        Assert.Equal(200, await RawHttp2.StatusAsync(
            door.HttpsPort, "app.test", [(":method", "GET"), (":scheme", "https"), (":authority", "app.test"), (":path", "/"), ("host", "other.test")]));
        Assert.Equal(["app.test"], upstream.Headers("Host"));
        Assert.Empty(closed.Heads);
    }

    [Fact]
    public async Task The_same_request_is_the_same_over_HTTP1_and_HTTP2()
    {
        await using var upstream = new RecordingUpstream();
        await using var door = await OpenAsync(Way.To("app.test", "/", upstream.Url));
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var http = new HttpMessageInvoker(HandlerTo(door));
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://app.test/a%20b?c=%2f") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Add("Cookie", "a=1; __Host-doorward=secret; b=2");
            request.Headers.Add("X-Doorward-Assertion", "forged");
            using var answer = await http.SendAsync(request, CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }

        var heads = upstream.Heads.Select(head => string.Join('\n', head.Split("\r\n").Order())).ToArray();
        Assert.Equal(heads[0], heads[1]);
        Assert.Contains("X-Forwarded-Proto: https", heads[0], StringComparison.Ordinal);
    }

    private Task<Door> OpenAsync(params Route[] routes) => Door.OpenAsync(
        new DoorSettings { Certificates = [TestCa.OptionsOf("tls", _ca.ServerFor("app.test", "other.test"))] }, routes);

    private SocketsHttpHandler HandlerTo(Door door) => new()
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, door.HttpsPort, cancel);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _ca.Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
        var buffer = new byte[1000];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } read)
            await socket.SendAsync(buffer.AsMemory(0, read.Count), read.MessageType, read.EndOfMessage, CancellationToken.None);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, socket.CloseStatusDescription, CancellationToken.None);
    }
}
