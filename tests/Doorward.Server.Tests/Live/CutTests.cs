using System.Net;
using System.Net.WebSockets;
using System.Text;
using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Access.Locks;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Tests.Live;

/// <summary>What is open ends when it is no longer allowed, in its own protocol and with the reason.</summary>
public sealed class CutTests : IAsyncLifetime
{
    private readonly LiveDoor _door = new();
    private KestrelUpstream _upstream = null!;
    private KestrelUpstream _grpc = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        _grpc = await StreamingService.StartGrpcAsync();
        await _door.StartAsync(Routes());
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await _upstream.DisposeAsync();
        await _grpc.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1", true, 4401, "Your session has ended. Sign in again.")]
    [InlineData("2.0", true, 4401, "Your session has ended. Sign in again.")]
    [InlineData("1.1", false, 4403, "Access is locked. Ask an administrator to lift the lock; signing in again will not help.")]
    [InlineData("2.0", false, 4403, "Access is locked. Ask an administrator to lift the lock; signing in again will not help.")]
    public async Task A_websocket_gets_a_close_frame_with_the_reason(string version, bool signOut, int code, string reason)
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var socket = await SocketAsync(version, cookie);
        Assert.Equal("echo hello", await EchoAsync(socket, "hello"));

        if (signOut) await EndAsync(session.Id);
        else await LockAsync();

        var closed = await ReceiveAsync(socket);
        Assert.Equal(WebSocketMessageType.Close, closed.MessageType);
        Assert.Equal((code, reason), ((int)socket.CloseStatus!, socket.CloseStatusDescription));
        var end = await _door.EndAsync();
        Assert.Equal("doorward", end.GetProperty("ended_by").GetString());
        Assert.Matches(signOut ? "^session changed: sign-in-required, .*, after [0-9]+ ms$" : "^lock person/corp/ada: denied, locked, after [0-9]+ ms$", end.GetProperty("cause").GetString());
        Assert.True(end.GetProperty("sent").GetInt64() > 0);
        Assert.True(end.GetProperty("received").GetInt64() > 0);
    }

    [Fact]
    public async Task Another_persons_websocket_stays_open_and_compression_works_on()
    {
        var (session, _) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        var (_, cookie) = await _door.SignInAsync("bob", LiveDoor.Host, "sre");
        using var socket = await SocketAsync("1.1", cookie, compressed: true);
        Assert.Equal("echo 1", await EchoAsync(socket, "1"));

        await EndAsync(session.Id);
        await LockAsync();
        await _door.RewriteAsync(Routes() + "\n- { name: more, from: \"https://other.test\", response: { status: 204 }, allow_public_unauthenticated_access: true }");
        await Lab.Eventually.Holds(() => _door.Services.GetRequiredService<Func<Serving>>()().Configuration.Routes.Count == 3);

        Assert.Equal("echo " + new string('x', 30_000), await EchoAsync(socket, new string('x', 30_000)));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_stream_of_events_gets_a_last_event_and_a_clean_end(string version)
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var answer = await GetAsync("/events", version, cookie);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: tick", await reader.ReadLineAsync());

        await EndAsync(session.Id);

        var text = await reader.ReadToEndAsync();
        Assert.Matches("(^|\n)\nevent: doorward-revoked\ndata: {.*\"sign-in-required\".*}\n\n$", text);
    }

    [Theory]
    [InlineData("/events-broken")]
    [InlineData("/download")]
    public async Task What_is_not_whole_breaks_off_and_does_not_look_complete(string path)
    {
        foreach (var version in (string[])["1.1", "2.0"])
        {
            var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
            using var answer = await GetAsync(path, version, cookie);
            var body = await answer.Content.ReadAsStreamAsync();
            Assert.True(await body.ReadAsync(new byte[10]) > 0);

            await EndAsync(session.Id);

            var fault = await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
            if (version == "2.0") Assert.Contains("CANCEL", fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true, StatusCode.Unauthenticated, "Your session has ended. Sign in again.")]
    [InlineData(false, StatusCode.PermissionDenied, "Access is locked. Ask an administrator to lift the lock; signing in again will not help.")]
    public async Task A_grpc_call_gets_a_status_in_its_trailers(bool signOut, StatusCode status, string detail)
    {
        var (session, cookie) = await _door.SignInAsync("ada", "other.test", "sre");
        using var channel = GrpcChannel.ForAddress("https://other.test", new GrpcChannelOptions { HttpHandler = _door.Handler() });
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, new CallOptions(new Metadata { { "cookie", cookie } }));
        await call.RequestStream.WriteAsync("hello"u8.ToArray());
        Assert.True(await call.ResponseStream.MoveNext(default));

        if (signOut) await EndAsync(session.Id);
        else await LockAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal((status, detail), (failure.StatusCode, failure.Status.Detail));
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated, "Sign in first. Request ")]
    [InlineData("marketing", StatusCode.PermissionDenied, "The policy of this route does not let you in. Request ")]
    public async Task A_new_grpc_call_that_is_refused_is_told_why_with_the_id_to_ask_about(string? group, StatusCode status, string detail)
    {
        var metadata = new Metadata();
        if (group is not null) metadata.Add("cookie", (await _door.SignInAsync("ben", "other.test", group)).Cookie);
        using var channel = GrpcChannel.ForAddress("https://other.test", new GrpcChannelOptions { HttpHandler = _door.Handler() });
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, new CallOptions(metadata));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(status, failure.StatusCode);
        Assert.StartsWith(detail, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_is_refused_while_it_is_under_way()
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        await using var client = await TlsClient.ConnectAsync(_door.Port, LiveDoor.Host);
        await client.Stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /upload HTTP/1.1\r\nHost: {LiveDoor.Host}\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"));
        await Lab.Eventually.Holds(() => _door.Services.GetRequiredService<LiveConnections>().Count == 1);

        await EndAsync(session.Id);

        var answer = await Wire.ReadUntilAsync(client.Stream, "sign-in-required");
        Assert.Equal(401, Wire.StatusOf(answer));
    }

    [Fact]
    public async Task An_upload_over_HTTP2_is_refused_while_it_is_under_way()
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var http = new HttpMessageInvoker(_door.Handler());
        using var body = new EndlessContent();
        using var request = Request(HttpMethod.Post, "/upload", "2.0", cookie);
        request.Content = body;
        var answering = http.SendAsync(request, default);
        await body.Begun;

        await EndAsync(session.Id);

        using var answer = await answering;
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("sign-in-required", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a policy that asks for another group", 4403)]
    [InlineData("no route", 4403)]
    public async Task An_edit_of_the_configuration_cuts_what_it_forbids(string edit, int code)
    {
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var socket = await SocketAsync("1.1", cookie);
        await EchoAsync(socket, "hello");

        await _door.RewriteAsync(edit == "no route" ? "- { name: rest, from: \"https://other.test\", response: { status: 204 }, allow_public_unauthenticated_access: true }" : Routes("finance"));

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync(socket)).MessageType);
        Assert.Equal(code, (int)socket.CloseStatus!);
        Assert.StartsWith("configuration changed:", (await _door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_a_provider_no_longer_tells_cuts_at_once()
    {
        var (session, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        using var socket = await SocketAsync("1.1", cookie);
        await EchoAsync(socket, "hello");

        await _door.Services.GetRequiredService<SessionStore>().RefreshedAsync(new(session.Id, session.PersonId, LiveDoor.Said("ada").Tokens) { Version = 1, SessionVersion = 1, PersonVersion = 1 }, LiveDoor.Said("ada", "marketing"));

        Assert.Equal(WebSocketMessageType.Close, (await ReceiveAsync(socket)).MessageType);
        Assert.Equal(4403, (int)socket.CloseStatus!);
        Assert.StartsWith("person changed: denied, ", (await _door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    private string Routes(string group = "sre") => $$"""
        - { name: app, from: "https://{{LiveDoor.Host}}", to: "http://127.0.0.1:{{_upstream.Port}}", policy: { allow: { and: [ { groups: { has: {{group}} } } ] } } }
        - { name: calls, from: "https://other.test", to: "h2c://127.0.0.1:{{_grpc.Port}}", policy: { allow: { and: [ { groups: { has: {{group}} } } ] } } }
        """;

    private Task<bool> EndAsync(string session) => _door.Services.GetRequiredService<SessionStore>().EndAsync(session);

    private Task<long> LockAsync() => _door.Services.GetRequiredService<LockStore>().SetAsync(new Policy.Lock(LockKind.Person, "corp/ada"), "a test", null);

    private static HttpRequestMessage Request(HttpMethod method, string path, string version, string cookie) =>
        new(method, $"https://{LiveDoor.Host}{path}") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Headers = { { "Cookie", cookie } } };

    private async Task<HttpResponseMessage> GetAsync(string path, string version, string cookie)
    {
        var answer = await new HttpMessageInvoker(_door.Handler()).SendAsync(Request(HttpMethod.Get, path, version, cookie), default);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private async Task<ClientWebSocket> SocketAsync(string version, string cookie, bool compressed = false)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Cookie", cookie);
        if (compressed) socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(_door.Handler()), default);
        return socket;
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);
        var message = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, default);
            message.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            if (read.EndOfMessage) return message.ToString();
        }
    }

    private static async Task<WebSocketReceiveResult> ReceiveAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(Eventually.Patience);
        return await socket.ReceiveAsync(new byte[1000], soon.Token);
    }

    private sealed class EndlessContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new();

        public Task Begun => _begun.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            for (var i = 0; ; i++)
            {
                await stream.WriteAsync(new byte[1000], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                if (i == 3) _begun.SetResult();
                await Task.Delay(20, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
