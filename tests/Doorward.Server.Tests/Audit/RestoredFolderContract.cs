using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>A folder that was put back to an older copy: what is added to it must not pass for records that the store has already.</summary>
public abstract class RestoredFolderContract : StoreTest
{
    [Fact]
    public async Task Records_added_to_an_older_copy_of_the_folder_begin_a_chain_of_their_own_and_none_is_lost()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await RunAsync(database, folder, "before", 100);
        using var copy = folder.Snapshot();
        await RunAsync(database, folder, "after", 150);

        var (node, anew) = await RunAsync(database, copy, "restored", 120);

        Assert.Equal(AuditTrail.NodeIn(folder.Path), anew!.Value.Former);
        Assert.NotEqual(node, anew.Value.Former);
        Assert.Contains("an older copy was put in place", anew.Value.Why, StringComparison.Ordinal);
        await AssertAllAsync(database, ("before", 100), ("after", 150), ("restored", 120));
        // The new chain goes on at the next start.
        var again = await RunAsync(database, copy, "again", 10);
        Assert.Equal(node, again.Node);
        Assert.Null(again.Anew);
        await AssertAllAsync(database, ("restored", 120), ("again", 10));
    }

    [Fact]
    public async Task It_is_also_seen_where_the_copy_has_grown_longer_than_what_the_store_has()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await RunAsync(database, folder, "before", 50);
        using var copy = folder.Snapshot();
        await RunAsync(database, folder, "after", 20);
        // A run without the store, as long as it takes to write more than the store has.
        await using (var trail = copy.Open())
            for (var i = 0; i < 60; i++) await trail.Append(TrailFolder.Decision($"alone-{i}"));

        var (_, anew) = await RunAsync(database, copy, "restored", 30);

        Assert.Contains("is another in the store", anew!.Value.Why, StringComparison.Ordinal);
        await AssertAllAsync(database, ("after", 20), ("restored", 30));
    }

    [Fact]
    public async Task Where_the_store_cannot_be_asked_another_chain_is_begun_and_the_former_still_reaches_the_store()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await using (var first = folder.Open())
            for (var i = 0; i < 300; i++) await first.Append(TrailFolder.Decision($"first-{i}"));
        await using (var second = AuditTrail.Open(folder.Options, TimeProvider.System, new StoredChain(false, null)))
        {
            Assert.NotNull(second.Anew);
            for (var i = 0; i < 300; i++) await second.Append(TrailFolder.Decision($"second-{i}"));
            await using var drains = new Drains(second, folder.Options, new ArchiveSink(database), [new LinesSink(Path.Combine(folder.Path, "lines"))], TimeProvider.System);
            await CaughtAsync(drains, second);
            drains.Release();
        }
        await AssertAllAsync(database, ("first", 300), ("second", 300));
        Assert.Equal(2, (await new RecordArchive(database).ChainsAsync(default)).Count);
        Assert.Equal(602, File.ReadLines(Path.Combine(folder.Path, "lines")).Count());
        // What both sinks have is removed, across the chains; what is being written and what waits stay.
        Assert.InRange(SegmentFiles.In(folder.Path).Count, 1, 2);
    }

    private static async Task<(string Node, (string Former, string Why)? Anew)> RunAsync(Server.Store.Database database, TrailFolder folder, string name, int records)
    {
        var stored = AuditTrail.NodeIn(folder.Path) is { } node ? new StoredChain(true, await database.ReadAsync(store => RecordArchive.ChainAsync(store, node))) : null;
        await using var trail = AuditTrail.Open(folder.Options, TimeProvider.System, stored);
        for (var i = 0; i < records; i++) await trail.Append(TrailFolder.Decision($"{name}-{i}"));
        await using var drains = new Drains(trail, folder.Options, new ArchiveSink(database), [], TimeProvider.System);
        await CaughtAsync(drains, trail);
        return (trail.Node, trail.Anew);
    }

    private static Task CaughtAsync(Drains drains, AuditTrail trail) => Eventually.Holds(async () =>
        await trail.FlushAsync() && trail.Health.Waiting == 0 && drains.All.All(drain => drain.Position == new ChainPosition(trail.Node, trail.Durable.Mark.Head.Sequence)));

    private static async Task AssertAllAsync(Server.Store.Database database, params (string Name, int Records)[] expected)
    {
        var archive = new RecordArchive(database);
        var ids = (await archive.FindAsync(new() { Kind = "decision", Limit = 10_000 }, default)).Select(TrailFolder.Body).Select(body => body.GetProperty("request").GetString()).ToList();
        foreach (var (name, records) in expected)
            Assert.Equal(Enumerable.Range(0, records).Select(i => $"{name}-{i}").Order(), ids.Where(id => id!.StartsWith(name + "-", StringComparison.Ordinal)).Order());
        Assert.DoesNotContain((await ArchiveVerification.RunAsync(archive, [], default)).Findings, finding => !finding.What.Contains("not what was written", StringComparison.Ordinal));
    }
}

public sealed class RestoredFolderOnSqlite : RestoredFolderContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class RestoredFolderOnPostgres : RestoredFolderContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
