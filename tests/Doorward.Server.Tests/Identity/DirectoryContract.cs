using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>What several sources tell of one person, on every store.</summary>
public abstract class DirectoryContract : SessionTest
{
    [Fact]
    public async Task The_earliest_end_date_counts_and_inactive_anywhere_is_inactive()
    {
        var (room, cookie) = await SignedInAsync();
        var directory = new DirectoryStore(room.Node.Database);
        var (near, far) = (Time.GetUtcNow().AddDays(1), Time.GetUtcNow().AddDays(9));
        await TellAsync(room, new() { Source = "scim/okta", Person = "corp/ada", EndDate = far.ToUnixTimeMilliseconds() });
        await directory.SetEndAsync("corp/ada", near);
        await room.Node.Feed.LookAsync();
        Assert.Equal((near, true), await FactsAsync(room, cookie) is { } facts ? (facts.EndDate!.Value, facts.Active) : default);

        await directory.SetEndAsync("corp/ada", null);
        await room.Node.Feed.LookAsync();
        Assert.Equal(far, (await FactsAsync(room, cookie))!.EndDate);

        await TellAsync(room, new() { Source = "scim/hr", Person = "corp/ada", Active = 0 });
        Assert.False((await directory.FindAsync("corp/ada", default))!.Facts.Active);
    }

    [Fact]
    public async Task Groups_are_those_of_all_sources_and_of_the_sign_in()
    {
        var (room, cookie) = await SignedInAsync();
        await TellAsync(room, new() { Source = "scim/okta", Person = "corp/ada", Groups = FactJson.Write([new GroupFact("g7", "finance")]), Attributes = """{"department":"docs"}""" });
        await room.Node.Feed.LookAsync();
        var facts = (await FactsAsync(room, cookie))!;
        Assert.Equal(["g1", "g7"], facts.Groups!.Select(group => group.Id).Order());
        Assert.Equal("docs", facts.Attributes["department"].Value);

        await room.Node.Database.WriteAsync(transaction => DirectoryStore.ForgetAsync(transaction, "scim/okta", "corp/ada"));
        await room.Node.Feed.LookAsync();
        Assert.Equal(["g1"], (await FactsAsync(room, cookie))!.Groups!.Select(group => group.Id));
    }

    [Fact]
    public async Task Whoever_becomes_inactive_loses_every_session_and_none_comes_back()
    {
        var (room, cookie) = await SignedInAsync();
        await TellAsync(room, new() { Source = "scim/okta", Person = "corp/ada", Active = 0 });
        await room.Node.Feed.LookAsync();
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookie, "app.example.com", default)).Kind);

        await TellAsync(room, new() { Source = "scim/okta", Person = "corp/ada", Active = 1 });
        await room.Node.Feed.LookAsync();
        Assert.Equal(CallerKind.Refused, (await room.Table.FindAsync(cookie, "app.example.com", default)).Kind);
    }

    [Fact]
    public async Task What_was_told_before_somebody_first_signs_in_counts_when_they_do()
    {
        var room = await StartAsync();
        await TellAsync(room, new() { Source = DirectoryRow.Admin, Person = "corp/ada", EndDate = 1000 });
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = (await room.Cookies.CreateAsync(session.Id, "app.example.com", default))!;
        await room.Node.Feed.LookAsync();
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1000), (await FactsAsync(room, cookie))!.EndDate);
    }

    [Fact]
    public async Task The_same_again_is_told_to_nobody()
    {
        var room = await StartAsync();
        var told = new DirectoryRow { Source = "scim/okta", Person = "corp/ada", Name = "Ada" };
        await TellAsync(room, told);
        var before = await LastAsync(room.Node.Database);
        await TellAsync(room, told);
        Assert.Equal(before, await LastAsync(room.Node.Database));
    }

    private async Task<(Room Room, string Cookie)> SignedInAsync()
    {
        var room = await StartAsync();
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var cookie = (await room.Cookies.CreateAsync(session.Id, "app.example.com", default))!;
        await room.Node.Feed.LookAsync();
        return (room, cookie);
    }

    private static Task<Written<bool>> TellAsync(Room room, DirectoryRow row) => room.Node.Database.WriteAsync((Transaction transaction) => DirectoryStore.KeepAsync(transaction, row));

    private static async Task<PersonFacts?> FactsAsync(Room room, string cookie) => (await room.Table.FindAsync(cookie, "app.example.com", default)).Person?.Facts;
}

public sealed class SqliteDirectoryTests : DirectoryContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class PostgresDirectoryTests : DirectoryContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
