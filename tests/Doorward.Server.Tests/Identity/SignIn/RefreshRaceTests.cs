using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Tests.Identity.Lab;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.Server.Tests.Identity.SignIn;

/// <summary>Two nodes on one PostgreSQL, and a provider that takes a refresh token once: whoever comes second is refused.</summary>
public sealed class RefreshRaceTests : SessionTest
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously), _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _number = 1;

    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();

    [Fact]
    public async Task A_node_whose_clock_is_ahead_does_not_ask_while_another_does()
    {
        await using var provider = await RotatingAsync();
        var first = await StartAsync();
        var ahead = new ManualTime();
        ahead.StepWallClock(TimeSpan.FromMinutes(2));
        var second = await StartAsync(time: ahead);
        await first.Sessions.SignInAsync(Ada(), Browser, null);
        await PassAsync(first, TimeSpan.FromMinutes(5));
        ahead.Advance(TimeSpan.FromMinutes(5));

        var asking = Refresh(first, provider).RunAsync(default);
        await _arrived.Task;
        Assert.Equal(0, await Refresh(second, provider, ahead).RunAsync(default));
        _go.SetResult();

        Assert.Equal(1, await asking);
        Assert.Equal(1, provider.Hits["/token"]);
    }

    [Fact]
    public async Task Who_comes_second_with_a_rotated_token_does_not_end_the_session()
    {
        await using var provider = await RotatingAsync();
        var (first, second) = (await StartAsync(), await StartAsync());
        var session = await first.Sessions.SignInAsync(Ada(), Browser, null);
        await PassAsync(first, TimeSpan.FromMinutes(5));

        var stopped = new ManualTime();
        stopped.StepWallClock(TimeSpan.FromMinutes(5));
        var asking = Refresh(first, provider, stopped).RunAsync(default);
        await _arrived.Task;
        // The first node stands still for longer than its claim, and the provider has rotated already.
        await PassAsync(second, TimeSpan.FromSeconds(31));
        Assert.Equal(1, await Refresh(second, provider).RunAsync(default));
        Assert.Equal("refresh-1", (await second.Tokens.FindAsync(session.Id, default))!.Refresh);
        _go.SetResult();
        await asking;

        Assert.Equal("refresh-2", (await second.Tokens.FindAsync(session.Id, default))!.Refresh);
        await PassAsync(second, TimeSpan.FromMinutes(5));
        Assert.Equal(1, await Refresh(second, provider).RunAsync(default));
        Assert.Equal("refresh-3", (await first.Tokens.FindAsync(session.Id, default))!.Refresh);
    }

    [Fact]
    public async Task A_node_that_was_held_up_replaces_no_newer_tokens()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        var session = await first.Sessions.SignInAsync(Ada(), Browser, null);
        await PassAsync(first, TimeSpan.FromMinutes(5));
        var late = Assert.Single(await first.Tokens.ClaimAsync(1, default));
        await PassAsync(first, TimeSpan.FromSeconds(31));
        var due = Assert.Single(await second.Tokens.ClaimAsync(1, default));
        await second.Tokens.ReplaceAsync(due, due.Tokens with { Refresh = "newer" });

        await first.Tokens.ReplaceAsync(late, late.Tokens with { Refresh = "older" });
        Assert.False(await first.Sessions.EndRefusedAsync(late));

        Assert.Equal("newer", (await first.Tokens.FindAsync(session.Id, default))!.Refresh);
    }

    [Fact]
    public async Task When_the_other_nodes_time_is_over_a_refusal_counts()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        var session = await first.Sessions.SignInAsync(Ada(), Browser, null);
        await PassAsync(first, TimeSpan.FromMinutes(5));
        Assert.Single(await first.Tokens.ClaimAsync(1, default)); // and dies
        await PassAsync(first, TimeSpan.FromSeconds(31));

        Assert.False(await second.Sessions.EndRefusedAsync(Assert.Single(await second.Tokens.ClaimAsync(1, default))));
        Assert.Empty(await second.Tokens.ClaimAsync(1, default));
        await PassAsync(first, TimeSpan.FromSeconds(31));
        Assert.True(await second.Sessions.EndRefusedAsync(Assert.Single(await second.Tokens.ClaimAsync(1, default))));
        Assert.Null(await first.Tokens.FindAsync(session.Id, default));
    }

    [Fact]
    public async Task What_a_signal_told_while_the_provider_was_asked_is_not_undone_by_its_answer()
    {
        await using var provider = await RotatingAsync();
        provider.UserInfo = info => (info["groups"], info["department"]) = (new JsonArray("sre"), "ops");
        var (first, second) = (await StartAsync(), await StartAsync());
        var session = await first.Sessions.SignInAsync(Ada(), Browser, null);
        await PassAsync(first, TimeSpan.FromMinutes(5));

        var asking = Refresh(first, provider).RunAsync(default);
        await _arrived.Task;
        // As an event of changed claims does.
        await second.Node.Database.WriteAsync(async transaction =>
        {
            await PersonRow.ChangeAsync(transaction, "corp/ada", person => person with { Groups = FactJson.Write([new GroupFact("none")]) }, "a signal");
            var row = (await SessionRow.FindAsync(transaction, session.Id))!;
            await row.ChangeFactsAsync(transaction, row.ToSession().Session.Facts.With(new Dictionary<string, FactValue> { ["department"] = new("gone") }), "a signal");
        });
        _go.SetResult();
        await asking;

        Assert.Equal(("none", "gone"), await KnownAsync());
        Assert.Equal("refresh-2", (await second.Tokens.FindAsync(session.Id, default))!.Refresh);
        // It is asked again, and what it says after that counts.
        Assert.Equal(1, await Refresh(second, provider).RunAsync(default));
        Assert.Equal(("sre", "ops"), await KnownAsync());

        async Task<(string, object)> KnownAsync()
        {
            await first.Node.Feed.LookAsync();
            var caller = await first.Table.FindAgainAsync(session.Id, default);
            return (Assert.Single(caller.Person!.Facts.Groups!).Id, caller.Session!.Facts.Claims["department"].Value);
        }
    }

    private async Task<LyingProvider> RotatingAsync()
    {
        var provider = await LyingProvider.StartAsync(Time);
        provider.Instead["/token"] = async context =>
        {
            var sent = (await context.Request.ReadFormAsync())["refresh_token"].ToString();
            if (sent != $"refresh-{_number}")
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("""{"error":"invalid_grant"}""");
                return;
            }

            var number = ++_number;
            _arrived.TrySetResult();
            if (number == 2) await _go.Task;
            await context.Response.WriteAsync(
                $$"""{"access_token":"{{LyingProvider.AccessToken}}","token_type":"Bearer","expires_in":300,"refresh_token":"refresh-{{number}}","id_token":"{{provider.WriteToken(null)}}"}""");
        };
        return provider;
    }

    private SessionRefresh Refresh(Room room, LyingProvider provider, TimeProvider? time = null)
    {
        var clock = time ?? Time;
        var settings = new ProviderSettings { Name = "corp", Preset = "oidc", Url = provider.Issuer, ClientId = LyingProvider.ClientId, ClientSecret = LyingProvider.ClientSecret };
        var providers = new ProviderSet([settings], allowLocalHttp: true, Outbound.Connect, clock);
        var trail = AuditTrail.Open(new AuditOptions { Folder = Directory.CreateDirectory(Path.Combine(Lab.Folder, Guid.NewGuid().ToString("N"))).FullName, SegmentBytes = 1024 * 1024 }, clock);
        return new(() => providers, room.Tokens, room.Sessions, trail, clock, NullLogger<SessionRefresh>.Instance);
    }
}
