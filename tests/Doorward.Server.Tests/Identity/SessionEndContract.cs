using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>How sessions end without anybody's order: by idleness, and by a restored backup.</summary>
public abstract class SessionEndContract : SessionTest
{
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_idle_session_ends_within_a_minute_of_its_limit()
    {
        var room = await StartAsync(_idle);
        var (session, cookie) = await SignInAsync(room);
        room.Activity.Touch(session);

        Time.Advance(_idle);
        await room.Activity.EndIdleAsync(default);
        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));

        Time.Advance(_minute);
        await room.Activity.EndIdleAsync(default);
        await room.Node.Feed.LookAsync();
        Assert.Equal(CallerKind.Refused, await KindAsync(room, cookie));
    }

    [Fact]
    public async Task A_session_in_use_on_another_node_lives_on()
    {
        var here = await StartAsync(_idle);
        var (session, cookie) = await SignInAsync(here);
        var there = new SessionActivity(here.Node.Database, here.Sessions, new SessionLimits(TimeSpan.FromHours(14), _idle), Time);

        for (var i = 0; i < 6; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(10));
            there.Touch(session);
            await there.FlushAsync(default);
            await here.Activity.EndIdleAsync(default);
        }

        Assert.Equal(CallerKind.Known, await KindAsync(here, cookie));
    }

    [Fact]
    public async Task Activity_is_told_outside_the_feed()
    {
        var room = await StartAsync(_idle);
        var (session, _) = await SignInAsync(room);
        var last = await LastAsync(room.Node.Database);

        Time.Advance(_minute);
        room.Activity.Touch(session);
        await room.Activity.FlushAsync(default);

        Assert.Equal(last, await LastAsync(room.Node.Database));
        Assert.Equal(
            Time.GetUtcNow().ToUnixTimeMilliseconds(),
            await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT last_activity FROM sessions")));
    }

    [Fact]
    public async Task Activity_never_goes_back()
    {
        var room = await StartAsync(_idle);
        var (session, _) = await SignInAsync(room);
        var late = new SessionActivity(room.Node.Database, room.Sessions, new SessionLimits(TimeSpan.FromHours(14), _idle), Time);
        late.Touch(session);
        Time.Advance(_minute);
        room.Activity.Touch(session);

        await room.Activity.FlushAsync(default);
        await late.FlushAsync(default);

        Assert.Equal(
            Time.GetUtcNow().ToUnixTimeMilliseconds(),
            await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT last_activity FROM sessions")));
    }

    [Fact]
    public async Task Without_an_idle_limit_nothing_ends_for_idleness()
    {
        var room = await StartAsync();
        var (_, cookie) = await SignInAsync(room);

        Time.Advance(TimeSpan.FromHours(13));
        await room.Activity.EndIdleAsync(default);

        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));
    }

    [Fact]
    public async Task A_restored_backup_does_not_revive_what_was_ended_since()
    {
        var room = await StartAsync();
        var (session, cookie) = await SignInAsync(room);
        await Lab.BackUpAsync();
        room = await StartAsync();
        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));
        await room.Sessions.EndAsync(session.Id);

        await Lab.RestoreAsync();
        await Epoch.RaiseAsync(await Lab.OpenAsync(), default);
        await Lab.CloseAsync();
        room = await StartAsync();

        Assert.Equal(CallerKind.Refused, await KindAsync(room, cookie));
        Assert.Null(await room.Cookies.CreateAsync(session.Id, "app.example.com", default));
        await PassAsync(room, TimeSpan.FromHours(1));
        Assert.Empty(await room.Tokens.ClaimAsync(10, default));
        Assert.Equal(CallerKind.Known, await KindAsync(room, (await SignInAsync(room)).Cookie));
    }

    [Fact]
    public async Task A_node_that_sees_a_backup_restored_under_it_ends_every_session_of_before()
    {
        var room = await StartAsync();
        var (session, cookie) = await SignInAsync(room);
        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));
        await room.Sessions.EndAsync(session.Id);
        await room.Node.Feed.LookAsync();
        // So many have ended since that this one's end is not remembered.
        room.Table.Tables[^1].Drop();

        // As a backup from before the end would leave it.
        await room.Node.Database.WriteAsync(transaction => transaction.ExecuteAsync(
            """
            INSERT INTO sessions (id, person, started, expires, last_activity, series, epoch, version, facts)
            SELECT @Id, 'corp/ada', 0, @expires, 0, 1, 1, 1, '{"auth_time":null,"acr":null,"amr":null,"provider":"corp","failed":0,"claims":{}}' FROM feed;
            INSERT INTO session_cookies (hash, session, host, series) VALUES (@hash, @Id, 'app.example.com', 1);
            DELETE FROM changes WHERE id = (SELECT last FROM feed);
            UPDATE feed SET last = last - 1
            """, new { session.Id, expires = session.Expires.ToUnixTimeMilliseconds(), hash = KeyedToken.Hash(cookie) }));
        // Also whoever asks before the feed has noticed does not get the old answer.
        Assert.Equal(CallerKind.Unavailable, await KindAsync(room, cookie));
        await room.Node.Feed.LookAsync();

        Assert.Equal(CallerKind.Refused, await KindAsync(room, cookie));
    }

    [Fact]
    public async Task A_cookie_renewed_on_another_node_counts_before_the_feed_has_told()
    {
        var room = await StartAsync();
        var (session, cookie) = await SignInAsync(room);
        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));

        await room.Sessions.StepUpAsync(session.Id, Ada() with { Acr = "hardware" }, Remedies.None);
        var renewed = await room.Cookies.CreateAsync(session.Id, "app.example.com", default);

        Assert.Equal(CallerKind.Known, await KindAsync(room, renewed!));
        Assert.Equal(CallerKind.Refused, await KindAsync(room, cookie));
    }

    [Fact]
    public async Task What_has_expired_is_removed_and_what_lives_stays()
    {
        var room = await StartAsync();
        await SignInAsync(room);
        Time.Advance(TimeSpan.FromHours(10));
        var (_, cookie) = await SignInAsync(room);
        Time.Advance(TimeSpan.FromHours(5));

        await room.Sessions.PruneAsync(default);

        Assert.Equal(1, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM sessions")));
        Assert.Equal(1, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM session_cookies")));
        Assert.Equal(CallerKind.Known, await KindAsync(room, cookie));
    }

    private async Task<(Session Session, string Cookie)> SignInAsync(Room room)
    {
        var session = await room.Sessions.SignInAsync(Ada(), Browser, former: null);
        return (session, (await room.Cookies.CreateAsync(session.Id, "app.example.com", default))!);
    }

    private static async Task<CallerKind> KindAsync(Room room, string cookie) => (await room.Table.FindAsync(cookie, "app.example.com", default)).Kind;
}

public sealed class Session_ends_on_SQLite : SessionEndContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Session_ends_on_PostgreSQL : SessionEndContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
