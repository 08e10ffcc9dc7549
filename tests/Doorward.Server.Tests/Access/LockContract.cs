using System.Net;
using Doorward.Policy;
using Doorward.Server.Access.Locks;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Access;

/// <summary>Locks, on every store.</summary>
public abstract class LockContract : StoreTest
{
    private static readonly Policy.Lock _ada = new(LockKind.Person, "corp/ada");

    [Fact]
    public async Task A_lock_is_in_force_once_the_feed_has_told_it_and_until_it_is_lifted()
    {
        var (node, store, table) = await StartAsync();
        Assert.False(Denies(table, "corp/ada"));

        await store.SetAsync(_ada, "lost laptop", "admin");
        await node.Feed.LookAsync();
        Assert.True(Denies(table, "corp/ada"));
        Assert.False(Denies(table, "corp/bob"));

        await store.LiftAsync(_ada, default);
        await node.Feed.LookAsync();
        Assert.False(Denies(table, "corp/ada"));
    }

    [Fact]
    public async Task Setting_a_lock_raises_the_generation()
    {
        var (node, store, _) = await StartAsync();
        var before = node.Generation.Current;

        await store.SetAsync(_ada, null, null);
        await node.Feed.LookAsync();

        Assert.True(node.Generation.Current > before);
    }

    [Fact]
    public async Task A_lock_set_twice_is_one_and_lifting_what_is_not_set_changes_nothing()
    {
        var (_, store, _) = await StartAsync();

        await store.SetAsync(_ada, "first", "one");
        await store.SetAsync(_ada, "second", "two");

        var held = Assert.Single(await store.ListAsync(default));
        Assert.Equal((_ada, "second", "two"), (held.Lock, held.Reason, held.SetBy));
        Assert.Equal(0, await store.LiftAsync(new(LockKind.Person, "corp/nobody"), default));
    }

    [Fact]
    public async Task The_locks_last_known_deny_while_the_store_is_away()
    {
        var (node, store, table) = await StartAsync();
        await store.SetAsync(_ada, null, null);
        await node.Feed.LookAsync();

        await Lab.CloseAsync();
        Time.Advance(TimeSpan.FromHours(1));

        Assert.True(node.Freshness.IsStale);
        Assert.True(Denies(table, "corp/ada"));
    }

    [Fact]
    public async Task A_node_that_never_loaded_the_locks_knows_none_and_says_so()
    {
        var database = await Lab.OpenAsync();

        Assert.Null(new LockTable(new LockStore(database)).Current);
    }

    [Fact]
    public async Task A_lock_of_an_unknown_kind_is_not_overlooked()
    {
        var (node, _, table) = await StartAsync();
        await node.Database.WriteAsync(transaction => transaction.ExecuteAsync("INSERT INTO locks (kind, key, at) VALUES ('planet', 'earth', 0)"));
        table.Drop();

        await Assert.ThrowsAnyAsync<Exception>(() => table.LoadAsync(default));

        Assert.Null(table.Current);
    }

    private static bool Denies(LockTable table, string person) => table.Current!.Matches(new Facts
    {
        Now = DateTimeOffset.UnixEpoch, SourceIp = IPAddress.Loopback, Person = new PersonFacts { Id = person },
    });

    private async Task<(Node Node, LockStore Store, LockTable Table)> StartAsync()
    {
        var node = StartNode(await Lab.OpenAsync());
        var store = new LockStore(node.Database);
        var table = new LockTable(store);
        node.Feed.Subscribe(table);
        await node.Feed.LookAsync();
        return (node, store, table);
    }
}

public sealed class Locks_on_SQLite : LockContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Locks_on_PostgreSQL : LockContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
