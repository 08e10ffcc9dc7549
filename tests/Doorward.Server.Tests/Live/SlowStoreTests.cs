using System.Collections.Concurrent;
using System.Net;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>A store that answers late, in crumbs or not at all: who is known goes on, who is not is told to come again, soon.</summary>
public sealed class SlowStoreTests : IAsyncLifetime
{
    /// <summary>Far above the 250 ms that a load may take, also on a busy machine; far below what a store takes that hangs.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private KestrelUpstream _upstream = null!;
    private LiveDoor _door = null!;
    private FaultProxy _network = null!;
    private HttpMessageInvoker _http = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await StreamingService.StartAsync();
        var postgres = new NpgsqlConnectionStringBuilder(await Postgres.NewDatabaseAsync());
        _network = FaultProxy.Start(postgres.Port);
        postgres.Port = _network.Port;
        _door = new LiveDoor { Settings = "staleness: { limit: 15m }", Postgres = postgres.ConnectionString };
        await _door.StartAsync($"- {{ name: app, from: \"https://{LiveDoor.Host}\", to: \"http://127.0.0.1:{_upstream.Port}\", policy: {{ allow: {{ and: [ {{ groups: {{ has: sre }} }} ] }} }} }}");
        _http = new HttpMessageInvoker(_door.Handler());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _door.DisposeAsync();
        await _network.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("a second late")]
    [InlineData("ten seconds late")]
    [InlineData("byte by byte")]
    [InlineData("not at all")]
    [InlineData("broken off")]
    public async Task Who_is_known_goes_on_and_who_is_not_is_told_soon_to_come_again(string answer)
    {
        var (_, known) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        var strangers = new ConcurrentQueue<string>();
        for (var i = 0; i < 20; i++) strangers.Enqueue((await _door.SignInAsync($"ben{i}", LiveDoor.Host, "sre")).Cookie);
        await Eventually.Holds(async () => (await AskAsync(known)).Status == HttpStatusCode.OK);

        Fault(answer);
        var unknown = strangers.SelectMany(cookie => Enumerable.Range(0, 10).Select(_ => AskAsync(cookie))).ToList();
        for (var i = 0; i < 100; i++)
        {
            var (status, took) = await AskAsync(known);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.True(took < Soon, $"Somebody who is known waited {took}.");
        }

        foreach (var (status, took) in await Task.WhenAll(unknown))
        {
            // What comes a second late may still be in time.
            Assert.True(status == HttpStatusCode.ServiceUnavailable || (status == HttpStatusCode.OK && answer == "a second late"), $"{status}");
            Assert.True(took < Soon, $"Somebody who is not known waited {took}.");
        }

        _network.Heal();
        _network.Reset();
        await Eventually.Holds(async () => (await AskAsync(strangers.First())).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Connections_whose_other_end_is_gone_unseen_are_given_up_by_themselves()
    {
        var (_, known) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        var (_, unknown) = await _door.SignInAsync("ben", LiveDoor.Host, "sre");
        await Eventually.Holds(async () => (await AskAsync(known)).Status == HttpStatusCode.OK);

        _network.HalfOpen();

        await Eventually.Holds(async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(known)).Status);
            var (status, took) = await AskAsync(unknown);
            Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
            Assert.True(took < Soon, $"Somebody waited {took}.");
            return status == HttpStatusCode.OK;
        });
    }

    private void Fault(string answer)
    {
        switch (answer)
        {
            case "a second late": _network.Latency = TimeSpan.FromSeconds(1); break;
            case "ten seconds late": _network.Latency = TimeSpan.FromSeconds(10); break;
            case "byte by byte": _network.Trickle = TimeSpan.FromMilliseconds(200); break;
            case "not at all": _network.Blackhole(); break;
            default: _network.ResetAfter = 0; break;
        }
    }

    private async Task<(HttpStatusCode Status, TimeSpan Took)> AskAsync(string cookie)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{LiveDoor.Host}/") { Headers = { { "Cookie", cookie } } };
        using var response = await _http.SendAsync(request, default);
        return (response.StatusCode, TimeProvider.System.GetElapsedTime(began));
    }
}
