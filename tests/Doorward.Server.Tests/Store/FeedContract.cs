using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Store;

/// <summary>How what one node writes reaches every node, in order and without loss.</summary>
public abstract class FeedContract : StoreTest
{
    [Fact]
    public async Task Changes_arrive_in_the_order_of_the_commits()
    {
        var node = StartNode(await Lab.OpenAsync());
        await node.Feed.LookAsync();

        await WriteAsync(node.Database, "a");
        await WriteAsync(node.Database, "b", "c");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "a", "b", "c"], node.Recorder.Told);
        Assert.Equal(3, node.Feed.Position);
    }

    [Fact]
    public async Task Two_transactions_that_commit_in_the_opposite_order_of_their_inserts_are_both_seen()
    {
        var database = await Lab.OpenAsync();
        var node = StartNode(database);
        await database.WriteAsync(transaction => transaction.ExecuteAsync("CREATE TABLE revoked (id text NOT NULL PRIMARY KEY)"));
        await node.Feed.LookAsync();
        var firstInserted = new TaskCompletionSource();
        var secondCommitted = new TaskCompletionSource();

        var first = RevokeAsync(database, "first", async () =>
        {
            firstInserted.SetResult();
            if (Lab.WritersAreConcurrent)
                await secondCommitted.Task;
        });
        await firstInserted.Task;
        var second = await RevokeAsync(database, "second", () => Task.CompletedTask);
        await node.Feed.LookAsync();
        var seenEarly = node.Recorder.Told;
        secondCommitted.SetResult();
        await first;
        await node.Feed.LookAsync();

        Assert.Contains("second", seenEarly);
        Assert.Equal(["first", "load", "second"], node.Recorder.Told.Order());
        Assert.Equal(Lab.WritersAreConcurrent ? 1 : 2, second);
    }

    [Fact]
    public async Task A_write_of_this_process_is_applied_without_waiting_for_the_next_look()
    {
        var node = StartNode(await Lab.OpenAsync());
        using var stop = new CancellationTokenSource();
        var running = node.Feed.RunAsync(stop.Token);
        await Eventually.Holds(() => node.Feed.Position == 0);

        var position = await WriteAsync(node.Database, "a");
        await Eventually.Holds(() => node.Feed.Position >= position);

        Assert.Contains("a", node.Recorder.Told);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task More_changes_than_one_look_fetches_arrive_whole()
    {
        var node = StartNode(await Lab.OpenAsync());
        await node.Feed.LookAsync();
        var keys = Enumerable.Range(0, 2500).Select(i => $"k{i:d4}").ToArray();

        await WriteAsync(node.Database, keys);
        await node.Feed.LookAsync();

        Assert.Equal(keys, node.Recorder.Told.Skip(1));
    }

    [Fact]
    public async Task A_node_is_fresh_only_once_it_has_applied_everything()
    {
        var node = StartNode(await Lab.OpenAsync());
        Assert.True(node.Freshness.IsStale);
        await node.Feed.LookAsync();
        Assert.False(node.Freshness.IsStale);

        await WriteAsync(node.Database, "a");
        node.Recorder.Failure = new InvalidOperationException("cannot load");
        Time.Advance(TimeSpan.FromSeconds(11));
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Feed.LookAsync());
        Assert.True(node.Freshness.IsStale);

        node.Recorder.Failure = null;
        await node.Feed.LookAsync();
        Assert.False(node.Freshness.IsStale);
        Assert.Contains("a", node.Recorder.Told);
    }

    [Fact]
    public async Task Whoever_holds_what_is_too_old_is_told_before_it_counts_as_fresh_again()
    {
        var node = StartNode(await Lab.OpenAsync());
        await node.Feed.LookAsync();
        List<bool> stale = [];
        node.Feed.Confirming += () => stale.Add(node.Freshness.IsStale);

        Time.Advance(TimeSpan.FromMinutes(1));
        await node.Feed.LookAsync();
        await node.Feed.LookAsync();

        Assert.Equal([true, false], stale);
    }

    [Fact]
    public async Task The_generation_is_raised_after_the_tables_are_replaced()
    {
        var node = StartNode(await Lab.OpenAsync());
        await node.Feed.LookAsync();
        var before = node.Generation.Current;
        var seen = new List<(long Generation, bool Applied)>();
        node.Feed.Applied += _ => seen.Add((node.Generation.Current, node.Recorder.Told.Contains("a")));

        await node.Feed.LookAsync();
        Assert.Equal(before, node.Generation.Current);
        await WriteAsync(node.Database, "a");
        await node.Feed.LookAsync();

        Assert.Equal([(before + 1, true)], seen);
    }

    [Fact]
    public async Task A_last_position_that_went_back_drops_everything_and_raises_the_epoch()
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "a", "b");
        await node.Feed.LookAsync();

        await TamperAsync(node, "UPDATE feed SET last = 1", "DELETE FROM changes WHERE id > 1");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "drop", "load"], node.Recorder.Told);
        Assert.Equal(2, await EpochAsync(node));
        Assert.False(node.Freshness.IsStale);
    }

    [Fact]
    public async Task Another_history_of_the_same_length_is_noticed()
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "revoked");
        await node.Feed.LookAsync();

        await TamperAsync(node, "UPDATE feed SET last = 0", "DELETE FROM changes");
        await WriteAsync(node.Database, "other");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "drop", "load"], node.Recorder.Told);
        Assert.Equal(2, await EpochAsync(node));
    }

    [Theory]
    [InlineData(0, "a lower epoch")]
    [InlineData(7, "a raised epoch")]
    public async Task Another_epoch_drops_everything(long epoch, string _)
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "a");
        await node.Feed.LookAsync();

        await TamperAsync(node, $"UPDATE feed SET epoch = {epoch}");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "drop", "load"], node.Recorder.Told);
        Assert.Equal(epoch == 0 ? 2 : 7, await EpochAsync(node));
    }

    [Fact]
    public async Task A_gap_drops_everything_and_sessions_live_on()
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "a");
        await node.Feed.LookAsync();

        await WriteAsync(node.Database, "b", "c", "d");
        await TamperAsync(node, "DELETE FROM changes WHERE id < 4");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "drop", "load"], node.Recorder.Told);
        Assert.Equal(1, await EpochAsync(node));
    }

    [Fact]
    public async Task Pruning_keeps_what_nodes_may_not_have_heard_yet()
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "a", "b");
        await TamperAsync(node, "UPDATE changes SET at = at - 3600001");
        await WriteAsync(node.Database, "c");
        await node.Feed.LookAsync();

        await FeedPruning.RunAsync(node.Database);
        await WriteAsync(node.Database, "d");
        await node.Feed.LookAsync();

        Assert.Equal(["load", "d"], node.Recorder.Told);
        Assert.Equal([3, 4], await node.Database.ReadAsync(connection => connection.QueryAsync<long>("SELECT id FROM changes ORDER BY id")));
    }

    [Fact]
    public async Task The_newest_change_is_never_pruned()
    {
        var node = StartNode(await Lab.OpenAsync());
        await WriteAsync(node.Database, "a");
        await node.Feed.LookAsync();
        await TamperAsync(node, "UPDATE changes SET at = 0");

        await FeedPruning.RunAsync(node.Database);
        await node.Feed.LookAsync();

        Assert.Equal(["load"], node.Recorder.Told);
    }

    private static Task<long> RevokeAsync(Database database, string id, Func<Task> pause) => database.WriteAsync(async transaction =>
    {
        transaction.Changed("session", id);
        await transaction.ExecuteAsync("INSERT INTO revoked (id) VALUES (@id)", new { id });
        await pause();
    });

    private static async Task TamperAsync(Node node, params string[] sql) =>
        await node.Database.WriteAsync<int>(transaction => transaction.ExecuteAsync(string.Join(';', sql)));

    private static Task<long> EpochAsync(Node node) => node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT epoch FROM feed"));
}

public sealed class Feed_on_SQLite : FeedContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Feed_on_PostgreSQL : FeedContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
