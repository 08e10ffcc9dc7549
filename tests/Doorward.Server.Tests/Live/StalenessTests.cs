using System.Net;
using Doorward.Server.Audit;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>How old facts may be, to the instant: nobody is let in on older ones, and nobody refused on fresh ones.</summary>
public sealed class StalenessTests : IAsyncLifetime
{
    private const string Public = "other.test";

    private readonly ManualTime _time = new();
    private KestrelUpstream _upstream = null!;
    private LiveDoor _door = null!;
    private FaultProxy _proxy = null!;
    private HttpMessageInvoker _http = null!;

    public async ValueTask InitializeAsync()
    {
        // Certificates are made for these days.
        _time.SetRight();
        _upstream = await StreamingService.StartAsync();
        var postgres = new NpgsqlConnectionStringBuilder(await Postgres.NewDatabaseAsync());
        _proxy = FaultProxy.Start(postgres.Port);
        _door = new LiveDoor { Time = _time, Postgres = $"Host=127.0.0.1;Port={_proxy.Port};Username=postgres;Database={postgres.Database}" };
        await _door.StartAsync($$"""
            - { name: app, from: "https://{{LiveDoor.Host}}", to: "http://127.0.0.1:{{_upstream.Port}}", policy: { allow: { and: [ { groups: { has: sre } } ] } } }
            - { name: public, from: "https://{{Public}}", to: "http://127.0.0.1:{{_upstream.Port}}", allow_public_unauthenticated_access: true }
            """);
        _http = new HttpMessageInvoker(_door.Handler());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _door.DisposeAsync();
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_grpc_call_on_stale_facts_is_told_to_come_again()
    {
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        await Eventually.Holds(async () => (await AskAsync(LiveDoor.Host, cookie)).StatusCode == HttpStatusCode.OK);
        _proxy.Blackhole();
        _time.Advance(Freshness.Limit - Freshness.Age + TimeSpan.FromTicks(1));
        using var channel = GrpcChannel.ForAddress($"https://{LiveDoor.Host}", new GrpcChannelOptions { HttpHandler = _door.Handler() });
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(EchoContract.DuplexMethod, null, new CallOptions(new Metadata { { "cookie", cookie } }));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.StartsWith("What is known about your access is too old to rely on.", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_count_for_ten_seconds_and_not_for_one_instant_more()
    {
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        await Eventually.Holds(async () => (await AskAsync(LiveDoor.Host, cookie)).StatusCode == HttpStatusCode.OK);
        // Refused though fresh: 0, for as long as the store is heard.
        for (var second = 0; second < 30; second++)
        {
            await HeardAsync();
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
        }

        _proxy.Blackhole();
        _time.Advance(Freshness.Limit - Freshness.Age);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var refused = await AskAsync(LiveDoor.Host, cookie);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        // Whether a stranger would have to sign in is not asked of the store, and what is public stands.
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Public, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Public, cookie)).StatusCode);
        await ToldAsync("store down");

        _proxy.Heal();
        await HeardAsync();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
        await ToldAsync("store ok");
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_refuses_until_the_store_was_heard_and_is_told()
    {
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        await Eventually.Holds(async () => (await AskAsync(LiveDoor.Host, cookie)).StatusCode == HttpStatusCode.OK);
        // What was never seen to be well is not told, and somebody looks each second.
        for (var second = 0; second < 3; second++) await HeardAsync();
        _proxy.Blackhole();

        // A machine that slept looks the same: what is known may be as old as the jump.
        _time.StepWallClock(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
        _proxy.Heal();
        await HeardAsync();

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
        await ToldAsync("clock degraded");
        // Again and again: the clock of this test runs faster than the store's.
        await ToldAsync("clock ok", _time.SetRight);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_no_fact_younger()
    {
        var (_, cookie) = await _door.SignInAsync("ada", LiveDoor.Host, "sre");
        await Eventually.Holds(async () => (await AskAsync(LiveDoor.Host, cookie)).StatusCode == HttpStatusCode.OK);
        _proxy.Blackhole();
        _time.Advance(Freshness.Limit - Freshness.Age);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);

        _time.StepWallClock(TimeSpan.FromMinutes(-2));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(LiveDoor.Host, cookie)).StatusCode);
    }

    /// <summary>What befell the server stands in the audit trail.</summary>
    private Task ToldAsync(string act, Action? meanwhile = null) => Eventually.Holds(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        meanwhile?.Invoke();
        return new TrailFolder(_door.Services.GetRequiredService<AuditTrail>().Folder).Records().Select(TrailFolder.Body)
            .Any(body => TrailFolder.KindOf(body) == "health" && body.GetProperty("act").GetString() == act);
    });

    private Freshness Freshness => _door.Services.GetRequiredService<Freshness>();

    /// <summary>A while later, in which the store was heard from.</summary>
    private Task HeardAsync()
    {
        var from = _time.GetUtcNow();
        return Eventually.Comes(_time, TimeSpan.FromMilliseconds(100), () => _time.GetUtcNow() - from >= TimeSpan.FromSeconds(1) && Freshness.Age < TimeSpan.FromSeconds(1));
    }

    private async Task<HttpResponseMessage> AskAsync(string host, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{host}/");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await _http.SendAsync(request, default);
    }
}
