using System.Text.Json.Nodes;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Scim;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>What SCIM clients change at the same time is written together, on every store; each is answered for itself.</summary>
public abstract class ScimContract : SessionTest
{
    private static readonly ScimOptions _client = new() { Name = "okta", Provider = "corp", Join = ScimJoin.UserName };

    [Fact]
    public async Task What_is_wrong_with_one_harms_none_of_those_that_it_goes_with()
    {
        var room = await StartAsync();
        var users = new ScimUsers(room.Node.Database, Time);
        var made = new Dictionary<string, string>();
        foreach (var name in (string[])["first", "ada", "bob", "carol", "dan", "eve", "fay"]) made[name] = (await MakeAsync(users, name)).Id;
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);
        var before = await LastAsync(room.Node.Database);

        using var held = new Held();
        var first = users.ChangeAsync(new(_client, made["first"], null, held.Change));
        await held.Begun;
        Task<ScimResource> Ask(string name, Func<JsonObject, JsonObject> change, string? ifMatch = null) => users.ChangeAsync(new(_client, made[name], ifMatch, change));
        var good = ((string[])["ada", "bob"]).Select(name => Ask(name, Inactive, "W/\"1\"")).Append(users.ChangeAsync(new(_client, made["fay"], null, null))).ToList();
        Task<ScimResource>[] bad =
        [
            Ask("carol", Inactive, "W/\"7\""),
            users.ChangeAsync(new(_client, "nobody", null, Inactive)),
            Ask("dan", user => Set(user, "userName", "BOB")),
            Ask("eve", _ => throw ScimFault.InvalidValue("no")),
            Ask("first", user => Set(user, ScimSchemas.Doorward, new JsonObject { ["endDate"] = "soon" })),
            users.ChangeAsync(new(_client, null, null, _ => new JsonObject { ["userName"] = "new" })),
            users.ChangeAsync(new(_client, null, null, _ => new JsonObject { ["userName"] = "New" })),
        ];
        held.Open();

        await first;
        Assert.All(await Task.WhenAll(good), user => Assert.True(user.Version == (user.NameKey == "fay" ? 1 : 2)));
        var answers = await Task.WhenAll(bad.Select(StatusAsync));
        Assert.Equal([412, 404, 409, 400, 400, 201, 409], answers);
        var inactive = await InactiveAsync(room);
        Assert.Equal(["ada", "bob", "fay"], inactive);
        Assert.Null(await room.Node.Database.ReadAsync(connection => SessionRow.FindAsync(connection, session.Id)));
        foreach (var (name, version) in ((string, long)[])[("first", 2), ("ada", 2), ("bob", 2), ("carol", 1), ("dan", 1), ("eve", 1)])
            Assert.Equal(version, (await FindAsync(room, made[name]))!.Version);
        Assert.Null(await FindAsync(room, made["fay"]));
        // The first by itself, and all others in one.
        Assert.Equal(2, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(DISTINCT writer) FROM changes WHERE id > @before", new { before })));
    }

    [Fact]
    public async Task Two_changes_of_one_user_stand_on_each_other()
    {
        var room = await StartAsync();
        var users = new ScimUsers(room.Node.Database, Time);
        var ada = (await MakeAsync(users, "ada")).Id;
        var other = (await MakeAsync(users, "bob")).Id;
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);

        using var held = new Held();
        var first = users.ChangeAsync(new(_client, other, null, held.Change));
        await held.Begun;
        var off = users.ChangeAsync(new(_client, ada, "W/\"1\"", Inactive));
        var late = users.ChangeAsync(new(_client, ada, "W/\"1\"", Inactive));
        var on = users.ChangeAsync(new(_client, ada, "W/\"2\"", user => Set(user, "active", true)));
        held.Open();

        await first;
        Assert.Equal((2, 412, 3), ((await off).Version, await StatusAsync(late), (await on).Version));
        // Active again, and what was open is gone all the same.
        Assert.Empty(await InactiveAsync(room));
        Assert.Null(await room.Node.Database.ReadAsync(connection => SessionRow.FindAsync(connection, session.Id)));
    }

    [Fact]
    public async Task Who_is_the_same_person_twice_is_inactive_once_and_for_all()
    {
        var room = await StartAsync();
        var users = new ScimUsers(room.Node.Database, Time);
        var client = _client with { Join = ScimJoin.ExternalId };
        var twice = new List<string>();
        foreach (var name in (string[])["a1", "a2", "first"])
            twice.Add((await users.ChangeAsync(new(client, null, null, _ => new JsonObject { ["userName"] = name, ["externalId"] = name[..1] == "a" ? "ada" : "bob" }))).Id);
        var session = await room.Sessions.SignInAsync(Ada(), Browser, null);

        using var held = new Held();
        var first = users.ChangeAsync(new(client, twice[2], null, held.Change));
        await held.Begun;
        var both = new[] { users.ChangeAsync(new(client, twice[0], null, Inactive)), users.ChangeAsync(new(client, twice[1], null, user => Set(user, "title", "clerk"))) };
        held.Open();

        await first;
        await Task.WhenAll(both);
        // The later word of a source counts, as it does when they come one after the other; what the first one took away stays away.
        Assert.Equal(("""{"title":"clerk"}""", 1L), await room.Node.Database.ReadAsync(connection => DirectoryRow.FindAsync(connection, "scim/okta", "corp/ada")) is { } row ? (row.Attributes, row.Active) : default);
        Assert.Null(await room.Node.Database.ReadAsync(connection => SessionRow.FindAsync(connection, session.Id)));
    }

    [Fact]
    public async Task Many_at_once_on_all_nodes_are_all_let_go()
    {
        const int Count = 120;
        var room = await StartAsync();
        List<Database> databases = [room.Node.Database];
        if (Lab.WritersAreConcurrent) databases.AddRange([await Lab.OpenAsync(), await Lab.OpenAsync()]);
        var nodes = databases.Select(database => new ScimUsers(database, Time)).ToList();
        var groups = new ScimStore(databases[^1], nodes[^1], Time);
        var ids = await Task.WhenAll(Enumerable.Range(0, Count).Select(async number => (await MakeAsync(nodes[0], $"p{number}")).Id));
        foreach (var number in Enumerable.Range(0, Count)) await room.Sessions.SignInAsync(Ada() with { Subject = $"p{number}" }, Browser, null);
        var (group, _) = await groups.KeepAsync(_client, ScimResource.Group, null, null, _ => Members(ids));

        // Each node goes through them in another order, and is told of each; a group of all of them is emptied meanwhile.
        var asked = nodes.SelectMany((node, i) => ids.Select((id, at) => (id, at)).OrderBy(one => (one.at * (7 + 2 * i)) % Count).Select(one => one.id).Select(id => node.ChangeAsync(new(_client, id, null, Inactive)))).ToList();
        var emptied = groups.KeepAsync(_client, ScimResource.Group, group.Id, null, _ => Members([]));
        await Task.WhenAll(asked);
        await emptied;

        Assert.Equal(Count, (await InactiveAsync(room)).Count);
        Assert.Equal(0, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM sessions")));
        foreach (var id in ids) Assert.Equal(1 + nodes.Count, (await FindAsync(room, id))!.Version);
        Assert.Equal(Count * (1L + nodes.Count) + 2, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT taken FROM signal_sources WHERE source = 'scim/okta'")));
    }

    [Fact]
    public async Task A_group_that_changes_meanwhile_brings_nobody_back()
    {
        const int Count = 60, Rounds = 4;
        var room = await StartAsync();
        var users = new ScimUsers(room.Node.Database, Time);
        var other = Lab.WritersAreConcurrent ? await Lab.OpenAsync() : room.Node.Database;
        var groups = new ScimStore(other, new ScimUsers(other, Time), Time);
        for (var round = 0; round < Rounds; round++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, Count).Select(async number => (await MakeAsync(users, $"p{round}-{number}")).Id));
            var (group, _) = await groups.KeepAsync(_client, ScimResource.Group, null, null, _ => Members(ids, $"all {round}"));

            // Each is told of once, so that no later word makes up for one that was lost.
            var gone = ids.Select(id => users.ChangeAsync(new(_client, id, null, Inactive))).ToList();
            await groups.KeepAsync(_client, ScimResource.Group, group.Id, null, _ => Members([], $"all {round}"));
            await Task.WhenAll(gone);

            Assert.Equal(Count * (round + 1), (await InactiveAsync(room)).Count);
            Assert.Equal(0, await room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM directory WHERE groups <> '[]'")));
        }
    }

    [Fact]
    public async Task What_no_store_keeps_harms_only_who_says_it()
    {
        var room = await StartAsync();
        var users = new ScimUsers(room.Node.Database, Time);
        var (ada, bob) = ((await MakeAsync(users, "ada")).Id, (await MakeAsync(users, "bob")).Id);
        using var held = new Held();
        var first = users.ChangeAsync(new(_client, ada, null, held.Change));
        await held.Begun;
        var off = users.ChangeAsync(new(_client, bob, null, Inactive));
        Task<ScimResource>[] bad =
        [
            users.ChangeAsync(new(_client, null, null, _ => new JsonObject { ["userName"] = "a\0b" })),
            users.ChangeAsync(new(_client, null, null, _ => ScimJson.Parse($$$$"""{"userName":"big","{{{{ScimSchemas.Doorward}}}}":{"attributes":{"x":1e999}}}"""))),
        ];
        held.Open();

        await first;
        Assert.Equal(2, (await off).Version);
        var answers = await Task.WhenAll(bad.Select(StatusAsync));
        Assert.Equal([400, 400], answers);
    }

    private static JsonObject Members(IEnumerable<string> ids, string name = "all") => new() { ["displayName"] = name, ["members"] = new JsonArray([.. ids.Select(id => (JsonNode)new JsonObject { ["value"] = id })]) };

    private static Task<ScimResource> MakeAsync(ScimUsers users, string name) => users.ChangeAsync(new(_client, null, null, _ => new JsonObject { ["userName"] = name, ["active"] = true }));

    private static JsonObject Inactive(JsonObject user) => Set(user, "active", false);

    private static JsonObject Set(JsonObject user, string name, JsonNode value)
    {
        user[name] = value;
        return user;
    }

    private static Task<ScimResource?> FindAsync(Room room, string id) => room.Node.Database.ReadAsync(connection => ScimResource.FindAsync(connection, _client.Name, ScimResource.User, id));

    private static Task<IReadOnlyList<string>> InactiveAsync(Room room) =>
        room.Node.Database.ReadAsync(connection => connection.QueryAsync<string>("SELECT substr(person, 6) FROM directory WHERE active = 0 ORDER BY person"));

    private static async Task<int> StatusAsync(Task<ScimResource> asked)
    {
        try
        {
            return (await asked).Version == 1 ? 201 : 200;
        }
        catch (ScimFault fault)
        {
            return fault.Status;
        }
    }

    /// <summary>A change whose transaction waits until the test has asked for others.</summary>
    private sealed class Held : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public Task Begun => _begun.Task;

        public void Open() => _open.Set();

        public JsonObject Change(JsonObject user)
        {
            _begun.TrySetResult();
            _open.Wait();
            return Set(user, "title", "changed");
        }

        public void Dispose()
        {
            _open.Set();
            _open.Dispose();
        }
    }
}

public sealed class SqliteScimTests : ScimContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class PostgresScimTests : ScimContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
