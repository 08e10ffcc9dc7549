using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>Sessions, cookies and hand-over, on every store.</summary>
public abstract class SessionContract : SessionTest
{
    [Fact]
    public async Task A_cookie_tells_who_asks_and_only_at_its_host()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, former: null);

        var cookie = await room.Cookies.CreateAsync(session.Id, "app.example.com", default);

        var caller = await room.Table.FindAsync(cookie!, "app.example.com", default);
        Assert.Equal(CallerKind.Known, caller.Kind);
        Assert.Equal("corp/ada", caller.Person!.Id);
        Assert.Equal("ada@example.com", caller.Person.Facts.Email);
        Assert.Equal("sre", caller.Person.Facts.Groups![0].Name);
        Assert.Equal("mfa", caller.Session!.Facts.Acr);
        Assert.Equal(["otp"], caller.Session.Facts.Amr!);
        Assert.Equal("ops", caller.Session.Facts.Claims["department"].Value);
        var elsewhere = await room.Table.FindAsync(cookie!, "other.example.com", default);
        Assert.Equal((CallerKind.Refused, "app.example.com"), (elsewhere.Kind, elsewhere.Stray?.Host));
        Assert.True(room.Table.TryFind(cookie!, "app.example.com", out _));
    }

    [Fact]
    [Trait("advisory", "125")]
    [Trait("advisory", "180")]
    public async Task An_ended_session_is_refused_at_every_host()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookies = new List<string>();
        foreach (var host in (string[])["door.example.com", "app.example.com"])
        {
            cookies.Add((await room.Cookies.CreateAsync(session.Id, host, default))!);
            Assert.Equal(CallerKind.Known, (await room.Table.FindAsync(cookies[^1], host, default)).Kind);
        }

        Assert.True(await room.Sessions.EndAsync(session.Id));
        await room.Node.Feed.LookAsync();

        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookies[0], "door.example.com", default)).Kind);
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookies[1], "app.example.com", default)).Kind);
        Assert.Null(await room.Cookies.CreateAsync(session.Id, "app.example.com", default));
    }

    [Fact]
    public async Task An_ended_session_is_known_to_be_over_without_a_read()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = (await room.Cookies.CreateAsync(session.Id, "app.example.com", default))!;
        Assert.Equal(CallerKind.Known, (await room.Table.FindAsync(cookie, "app.example.com", default)).Kind);

        Assert.True(await room.Sessions.EndAsync(session.Id));
        await room.Node.Feed.LookAsync();

        Assert.True(room.Table.TryFind(cookie, "app.example.com", out var caller));
        Assert.Equal(CallerKind.Refused, caller.Kind);
        Assert.True(room.Table.TryFindAgain(session.Id, out caller));
        Assert.Equal(CallerKind.Refused, caller.Kind);
        room.Table.Tables[^1].Drop();
        Assert.False(room.Table.TryFindAgain(session.Id, out _));
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAgainAsync(session.Id, default)).Kind);
    }

    [Fact]
    [Trait("advisory", "204")]
    public async Task Signing_in_ends_theBrowsers_former_session()
    {
        var room = await StartAsync();
        var former = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = await room.Cookies.CreateAsync(former.Id, "door.example.com", default);

        var next = await room.Sessions.SignInAsync(Ada() with { Subject = "ben", Email = "ben@example.com" }, Browser, former.Id);

        Assert.NotEqual(former.Id, next.Id);
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookie!, "door.example.com", default)).Kind);
    }

    [Fact]
    public async Task A_session_ends_to_the_instant()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = await room.Cookies.CreateAsync(session.Id, "app.example.com", default);

        Time.Advance(session.Expires - Time.GetUtcNow() - TimeSpan.FromTicks(1));
        Assert.Equal(CallerKind.Known, (await room.Table.FindAsync(cookie!, "app.example.com", default)).Kind);
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookie!, "app.example.com", default)).Kind);
    }

    [Fact]
    public async Task A_step_up_renews_cookies_and_is_only_for_the_same_person()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var before = await room.Cookies.CreateAsync(session.Id, "door.example.com", default);

        Assert.Null(await room.Sessions.StepUpAsync(session.Id, Ada() with { Subject = "ben" }, Remedies.None));
        var stronger = await room.Sessions.StepUpAsync(session.Id, Ada() with { Acr = "hardware" }, Remedies.StrongerAuthentication);
        await room.Node.Feed.LookAsync();
        var after = await room.Cookies.CreateAsync(session.Id, "door.example.com", default);

        Assert.Equal("hardware", stronger!.Facts.Acr);
        Assert.Equal(Remedies.StrongerAuthentication, stronger.Facts.Failed);
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(before!, "door.example.com", default)).Kind);
        Assert.Equal(CallerKind.Known, (await room.Table.FindAsync(after!, "door.example.com", default)).Kind);
    }

    [Fact]
    [Trait("advisory", "173")]
    public async Task An_invented_cookie_is_refused_without_a_read()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = (await room.Cookies.CreateAsync(session.Id, "app.example.com", default))!;
        var inventions = new[] { "", "=", new string('A', 4096), cookie[..^1], cookie + "A", new string('A', cookie.Length), Flip(cookie) };

        await Lab.CloseAsync(); // a read would say «unavailable»

        foreach (var invention in inventions)
        {
            Assert.True(room.Table.TryFind(invention, "app.example.com", out var caller), invention);
            Assert.Equal(CallerKind.Refused, caller.Kind);
        }
    }

    [Fact]
    [Trait("advisory", "203")]
    public async Task A_hand_over_code_counts_once_for_its_host_andBrowser()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);

        Assert.Equal(session.Id, await room.HandOver.RedeemAsync(await CodeAsync(), "app.example.com", "nonce"));
        var used = await CodeAsync();
        await room.HandOver.RedeemAsync(used, "app.example.com", "nonce");
        Assert.Null(await room.HandOver.RedeemAsync(used, "app.example.com", "nonce"));
        Assert.Null(await room.HandOver.RedeemAsync(await CodeAsync(), "other.example.com", "nonce"));
        var stolen = await CodeAsync();
        Assert.Null(await room.HandOver.RedeemAsync(stolen, "app.example.com", "a thief's"));
        Assert.Null(await room.HandOver.RedeemAsync(stolen, "app.example.com", "nonce")); // burnt

        Task<string> CodeAsync() => room.HandOver.IssueAsync(session.Id, "app.example.com", HandOver.HashOf("nonce"), default);
    }

    [Fact]
    public async Task One_node_at_a_time_may_refresh_a_session()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        Assert.Empty(await room.Tokens.ClaimAsync(10, default));
        await PassAsync(room, TimeSpan.FromMinutes(5));

        var due = Assert.Single(await room.Tokens.ClaimAsync(10, default));

        Assert.Equal(session.Id, due.SessionId);
        Assert.Equal("refresh-1", due.Tokens.Refresh);
        Assert.Empty(await room.Tokens.ClaimAsync(10, default));
        await room.Tokens.ReplaceAsync(due, due.Tokens with { Refresh = "refresh-2", Expires = Time.GetUtcNow().AddMinutes(5) });
        Assert.Equal("refresh-2", (await room.Tokens.FindAsync(session.Id, default))!.Refresh);
    }

    private static string Flip(string cookie) => (cookie[0] == 'A' ? 'B' : 'A') + cookie[1..];
}

public sealed class Sessions_on_SQLite : SessionContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Sessions_on_PostgreSQL : SessionContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
