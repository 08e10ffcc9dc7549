using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>A transmitter that says nothing may have nothing to say, or be cut off: Doorward asks, and knows which.</summary>
public sealed class SilenceTests
{
    private const string Verification = SignalDoor.Framework + "verification";

    [Fact]
    public async Task A_silent_transmitter_closes_the_routes_that_require_it_until_it_is_heard()
    {
        await using var lab = await SignalDoor.StartAsync(more: ", silent_after: 10m", route: ", require_signals: [ okta ], staleness: { grace: 0s }");
        var watch = lab.Door.Services.GetRequiredService<SignalWatch>();
        var (_, cookie) = await lab.SignInAsync();

        // Never heard is not known to be well.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await lab.AskAsync(cookie));
        await HearAsync();
        using var socket = await lab.SocketAsync(cookie);

        // Heard eleven minutes before.
        await lab.Door.Services.GetRequiredService<Database>().WriteAsync(transaction => transaction.ExecuteAsync("UPDATE signal_sources SET heard = heard - 660000"));
        await watch.LookAsync(default);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await lab.AskAsync(cookie));
        Assert.Equal(1013, await SignalDoor.ClosedAsync(socket));
        Assert.Contains(lab.Door.Log, line => line.Contains("«okta» are not heard any more (Silent)", StringComparison.Ordinal));

        await HearAsync();

        async Task HearAsync()
        {
            Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(Verification, new JsonObject { ["format"] = "opaque", ["id"] = "stream-1" })).Status);
            await watch.LookAsync(default);
            Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        }
    }

    [Fact]
    public async Task A_transmitter_that_pauses_its_stream_closes_them_too()
    {
        await using var lab = await SignalDoor.StartAsync(more: ", silent_after: 1h", route: ", require_signals: [ okta ]");
        var (_, cookie) = await lab.SignInAsync();
        var (start, stream) = (lab.Now, new JsonObject { ["format"] = "opaque", ["id"] = "stream-1" });
        await StatusAsync("enabled", 0);
        await lab.Door.Services.GetRequiredService<SignalWatch>().LookAsync(default);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));
        foreach (var status in (string[])["paused", "disabled"])
        {
            await StatusAsync(status, 1);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await lab.AskAsync(cookie));
        }

        // Said before, and late on its way.
        await StatusAsync("enabled", -30);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await lab.AskAsync(cookie));
        await StatusAsync("enabled", 2);
        Assert.Equal(HttpStatusCode.OK, await lab.AskAsync(cookie));

        async Task StatusAsync(string status, int seconds) => Assert.Equal(
            HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Framework + "stream-updated", stream, new JsonObject { ["status"] = status, ["reason"] = "a test" }, start.AddSeconds(seconds))).Status);
    }

    [Fact]
    public async Task Doorward_asks_for_an_event_and_knows_the_echo()
    {
        string? state = null;
        await using var lab = await SignalDoor.StartAsync(
            more: ", verification: { stream: stream-1, token: of-the-stream-api, every: 10m }",
            route: ", require_signals: [ okta ]",
            prepare: provider => provider.Instead["/verify"] = async context =>
            {
                var asked = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
                Assert.Equal(("Bearer of-the-stream-api", "stream-1"), (context.Request.Headers.Authorization.ToString(), asked.GetProperty("stream_id").GetString()));
                Volatile.Write(ref state, asked.GetProperty("state").GetString());
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            });
        await Eventually.Holds(() => Volatile.Read(ref state) is not null);
        var stream = new JsonObject { ["format"] = "opaque", ["id"] = "stream-1" };
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await lab.TellAsync(Verification, stream, new JsonObject { ["state"] = state + "x" }));
        Assert.Equal((HttpStatusCode.Accepted, null), await lab.TellAsync(Verification, stream, new JsonObject { ["state"] = state }));
        Assert.Equal("verified", await lab.EffectAsync());

        // An echo counts once.
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_state"), await lab.TellAsync(Verification, stream, new JsonObject { ["state"] = state }));
        var (_, cookie) = await lab.SignInAsync();
        await Eventually.Holds(async () => await lab.AskAsync(cookie) == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_open_on_another_node_than_was_told_is_closed(bool logout)
    {
        await using var lab = await SignalDoor.StartAsync(postgres: await Postgres.NewDatabaseAsync());
        await using var other = await lab.AnotherAsync();
        var (_, cookie) = await lab.SignInAsync();
        using var socket = await lab.SocketAsync(cookie, other);

        if (logout) Assert.Equal(HttpStatusCode.OK, await lab.LogOutAsync("ada", "sid-1"));
        else Assert.Equal(HttpStatusCode.Accepted, (await lab.TellAsync(SignalDoor.Caep + "session-revoked", lab.Person())).Status);

        Assert.Equal(4401, await SignalDoor.ClosedAsync(socket));
        var cause = (await other.EndAsync()).GetProperty("cause").GetString();
        Assert.StartsWith(logout ? "signal corp: back-channel logout: " : "signal okta: session-revoked: ", cause, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("advisory", "31")]
    public async Task What_the_store_did_not_take_is_not_acknowledged()
    {
        var postgres = new NpgsqlConnectionStringBuilder(await Postgres.NewDatabaseAsync());
        await using var proxy = FaultProxy.Start(postgres.Port);
        await using var lab = await SignalDoor.StartAsync(postgres: $"Host=127.0.0.1;Port={proxy.Port};Username=postgres;Database={postgres.Database}");
        var (_, cookie) = await lab.SignInAsync();
        var id = Guid.NewGuid().ToString();
        proxy.Blackhole();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await lab.TellAsync(SignalDoor.Caep + "session-revoked", lab.Person(), id: id));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await lab.LogOutAsync("ada", "sid-1"));

        proxy.Heal();
        await Eventually.Holds(async () => (await lab.TellAsync(SignalDoor.Caep + "session-revoked", lab.Person(), id: id)).Status == HttpStatusCode.Accepted);
        await Eventually.Holds(async () => await lab.AskAsync(cookie) == HttpStatusCode.Unauthorized);
    }
}
