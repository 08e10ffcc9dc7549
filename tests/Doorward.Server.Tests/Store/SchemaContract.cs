using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Store;

/// <summary>How the schema grows while nodes of two versions serve on one store.</summary>
public abstract class SchemaContract : StoreTest
{
    private static readonly Migration[] _old = [new(1, "0001-things", 1, "CREATE TABLE things (id text NOT NULL PRIMARY KEY)")];

    private static readonly Migration[] _expanded = [.. _old, new(2, "0002-colour", 1, "ALTER TABLE things ADD COLUMN colour text")];

    private static readonly Migration[] _contracted = [.. _expanded, new(3, "0003-no-colour", 2, "ALTER TABLE things DROP COLUMN colour")];

    [Fact]
    public async Task Each_step_is_done_once()
    {
        var database = Lab.OpenUnmigrated();

        Assert.Null(await MigrateAsync(database, _old));
        Assert.Null(await MigrateAsync(database, _old));

        Assert.Equal([0, 1], await database.ReadAsync(connection => connection.QueryAsync<long>("SELECT number FROM migrations ORDER BY number")));
    }

    [Fact]
    public async Task The_version_before_serves_and_starts_beside_one_that_expanded_the_schema()
    {
        var database = Lab.OpenUnmigrated();
        Assert.Null(await MigrateAsync(database, _old));
        Assert.Null(await MigrateAsync(database, _expanded));

        Assert.Null(await MigrateAsync(database, _old));
        await database.WriteAsync<int>(transaction => transaction.ExecuteAsync("INSERT INTO things (id) VALUES ('written by the old version')"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_with_a_cure()
    {
        var database = Lab.OpenUnmigrated();
        Assert.Null(await MigrateAsync(database, _contracted));

        var problem = await MigrateAsync(database, _old);

        Assert.Equal("DW3005", problem!.Id);
        Assert.Contains("its schema is 3", problem.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_schema_as_it_was()
    {
        var database = Lab.OpenUnmigrated();
        Migration[] broken = [.. _old, new(2, "0002-broken", 1, "CREATE TABLE more (id text); CREATE TABLE things (id text)")];

        var problem = await MigrateAsync(database, broken);

        Assert.Equal("DW3006", problem!.Id);
        Assert.Contains("0002-broken", problem.Message, StringComparison.Ordinal);
        Assert.Null(await MigrateAsync(database, _old));
    }

    [Fact]
    public async Task Nodes_that_start_together_do_not_collide()
    {
        var nodes = Lab.WritersAreConcurrent ? Enumerable.Range(0, 8).Select(_ => Lab.OpenUnmigrated()).ToArray() : [.. Enumerable.Repeat(Lab.OpenUnmigrated(), 8)];

        var problems = await Task.WhenAll(nodes.Select(node => MigrateAsync(node, Migration.All)));

        Assert.All(problems, Assert.Null);
        Assert.Equal(1, await nodes[0].ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM feed")));
    }

    [Fact]
    public void No_two_steps_share_a_number_and_none_needs_a_later_one()
    {
        Assert.Distinct(Migration.All.Select(migration => migration.Number));
        Assert.All(Migration.All, migration => Assert.InRange(migration.Needs, 1, migration.Number));
    }

    private Task<Policy.Problem?> MigrateAsync(Database database, IReadOnlyList<Migration> known) =>
        Schema.MigrateAsync(database, known, Lab.Options.Place, CancellationToken.None);
}

public sealed class Schema_on_SQLite : SchemaContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Schema_on_PostgreSQL : SchemaContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
