using System.Net;
using System.Net.WebSockets;
using System.Text;
using Doorward.Server.Access;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>What time alone ends, and what is held and cut while the store does not answer.</summary>
public sealed class TimeTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private KestrelUpstream _upstream = null!;
    private LiveDoor? _door;
    private FaultProxy? _proxy;

    public async ValueTask InitializeAsync()
    {
        // Certificates are made for these days.
        _time.SetRight();
        _upstream = await StreamingService.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null) await _proxy.DisposeAsync();
        if (_door is not null) await _door.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_a_session_ends_its_streams()
    {
        _door = new LiveDoor { Time = _time, Settings = "session: { absolute: 5m }\nstaleness: { limit: 15m }" };
        await _door.StartAsync(Route(""));
        using var socket = await SocketAsync();
        await EchoAsync(socket);

        _time.Advance(TimeSpan.FromMinutes(4));
        await EchoAsync(socket);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((4401, "Your session has ended. Sign in again."), await ClosedAsync(socket));
        Assert.StartsWith("time: sign-in-required, ", (await _door.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_a_policy_names_ends_streams_when_it_comes()
    {
        var tomorrow = _time.GetUtcNow().Date.AddDays(1);
        _time.StepWallClock(tomorrow.AddMinutes(-5) - _time.GetUtcNow().UtcDateTime);
        _door = new LiveDoor { Time = _time, Settings = "staleness: { limit: 15m }" };
        await _door.StartAsync(Route("", $"{{ date: {{ before: \"{tomorrow:yyyy-MM-dd}T00:00:00Z\" }} }}"));
        using var socket = await SocketAsync();
        await EchoAsync(socket);

        _time.Advance(TimeSpan.FromMinutes(4));
        await EchoAsync(socket);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((4403, "The policy of this route does not let you in any more."), await ClosedAsync(socket));
    }

    [Fact]
    public async Task A_stream_on_facts_too_old_is_held_and_goes_on_when_they_are_fresh_again()
    {
        await StartOnPostgresAsync("staleness: { limit: 5s }");
        using var socket = await SocketAsync();
        await EchoAsync(socket);

        _proxy!.Blackhole();
        _time.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Holds(() => One.State == ConnectionState.Held);
        var echo = EchoAsync(socket);
        await AssertRefusedAsync();
        Assert.False(echo.IsCompleted);
        await Eventually.Holds(() => _door!.Log.Any(line => line.Contains("Health: store is down", StringComparison.Ordinal)));

        _proxy.Heal();
        await AdvanceUntilAsync(() => One.State == ConnectionState.Open);
        await echo;
    }

    [Fact]
    public async Task A_stream_that_was_held_for_the_grace_is_cut_and_told_to_come_back()
    {
        await StartOnPostgresAsync("staleness: { limit: 5s, grace: 20s }");
        using var socket = await SocketAsync();
        await EchoAsync(socket);

        _proxy!.Blackhole();
        _time.Advance(TimeSpan.FromSeconds(6));
        await Eventually.Holds(() => One.State == ConnectionState.Held);
        _time.Advance(TimeSpan.FromSeconds(18));
        Assert.Equal(ConnectionState.Held, One.State);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((1013, "What is known about your access is too old to rely on. Try again in a moment."), await ClosedAsync(socket));
        Assert.StartsWith("stale facts: stale, ", (await _door!.EndAsync()).GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_with_a_longer_limit_goes_on_while_the_others_are_held()
    {
        await StartOnPostgresAsync("staleness: { limit: 5s }", "staleness: { limit: 1m }, ");
        using var socket = await SocketAsync();
        await EchoAsync(socket);

        _proxy!.Blackhole();
        _time.Advance(TimeSpan.FromSeconds(30));
        await EchoAsync(socket);
        _time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.Holds(() => One.State == ConnectionState.Held);
    }

    // The request of nobody that a test sends may not have left yet when its answer is read: the stream is somebody's.
    private Connection One => _door!.Services.GetRequiredService<LiveConnections>().Where(connection => connection.Session is not null).Single();

    private async Task StartOnPostgresAsync(string settings, string route = "")
    {
        var postgres = new NpgsqlConnectionStringBuilder(await Postgres.NewDatabaseAsync());
        _proxy = FaultProxy.Start(postgres.Port);
        _door = new LiveDoor { Time = _time, Settings = settings, Postgres = $"Host=127.0.0.1;Port={_proxy.Port};Username=postgres;Database={postgres.Database}" };
        await _door.StartAsync(Route(route));
    }

    private string Route(string keys, string criterion = "{ groups: { has: sre } }") =>
        $"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", idle_timeout: 0s, {keys}policy: {{ allow: {{ and: [ {criterion} ] }} }} }}";

    private async Task<ClientWebSocket> SocketAsync()
    {
        var (_, cookie) = await _door!.SignInAsync("ada", LiveDoor.Host, "sre");
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        await socket.ConnectAsync(new Uri($"wss://{LiveDoor.Host}/ws"), new HttpMessageInvoker(_door.Handler()), default);
        return socket;
    }

    private static async Task EchoAsync(ClientWebSocket socket)
    {
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);
        var buffer = new byte[100];
        var read = await socket.ReceiveAsync(buffer, default);
        Assert.Equal("echo hello", Encoding.UTF8.GetString(buffer, 0, read.Count));
    }

    private static async Task<(int, string?)> ClosedAsync(ClientWebSocket socket)
    {
        using var soon = new CancellationTokenSource(Eventually.Patience);
        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[1000], soon.Token)).MessageType);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, soon.Token);
        return ((int)socket.CloseStatus!, socket.CloseStatusDescription);
    }

    private async Task AssertRefusedAsync()
    {
        using var http = new HttpMessageInvoker(_door!.Handler());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/");
        using var answer = await http.SendAsync(request, default);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    /// <summary>The looks at the store are made in their own time; each needs its turn.</summary>
    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.Comes(_time, TimeSpan.FromMilliseconds(100), condition);
}
