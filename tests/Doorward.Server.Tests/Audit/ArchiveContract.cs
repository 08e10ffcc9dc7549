using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Audit.Verification;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>How records come from the segments into the store, and are found there.</summary>
public abstract class ArchiveContract : StoreTest
{
    [Fact]
    public async Task Every_record_is_in_the_store_once_and_verifies_also_over_restarts()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        for (var run = 0; run < 3; run++)
        {
            await using var trail = folder.Open();
            await using var drains = new Drains(trail, folder.Options, new ArchiveSink(database), [], TimeProvider.System);
            for (var i = 0; i < 700; i++) await trail.Append(TrailFolder.Decision($"{run}-{i}"));
            await DrainTests.Caught(drains.Store!, trail);
        }
        var archive = new RecordArchive(database);
        var node = Assert.Single(await archive.ChainsAsync(default)).Node;
        var head = ChainHead.Start(node);
        await foreach (var page in archive.ReadChainAsync(node, default))
        {
            foreach (var record in page)
            {
                Assert.True(record.Follows(head));
                head = new(record.Sequence, record.Chain);
            }
        }
        Assert.Equal(2103, head.Sequence);
    }

    [Fact]
    public async Task Taking_the_same_records_twice_writes_them_once()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
            for (var i = 0; i < 50; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
        var sink = new ArchiveSink(database);
        await sink.TakeAsync(folder.Records(), default);
        await sink.TakeAsync(folder.Records(), default);
        Assert.Equal(51, await sink.TakenAsync(folder.Records()[0].Node, default));
        Assert.Equal(50, (await new RecordArchive(database).FindAsync(new() { Kind = "decision", Limit = 1000 }, default)).Count);
    }

    [Fact]
    public async Task Records_are_found_by_person_route_outcome_reason_time_and_request()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
        {
            await trail.Append(TrailFolder.Decision("r1"));
            await trail.Append(TrailFolder.Decision("r2", "corp/u2") with { Route = "wiki" });
            await trail.Append(TrailFolder.Decision("r3") with { Decision = new() { Outcome = Outcome.Deny, Reasons = ReasonSet.Of(Reason.Locked) } });
            await trail.Append(TrailFolder.Decision("r4") with { At = TrailFolder.Now.AddHours(1), Refusal = "stale" });
            trail.Append(TrailFolder.End("r1"));
        }
        await new ArchiveSink(database).TakeAsync(folder.Records(), default);
        var archive = new RecordArchive(database);

        Assert.Equal(["r4", "r3", "r1"], await Ids(new() { Person = "corp/u1" }));
        Assert.Equal(["r2"], await Ids(new() { Route = "wiki" }));
        Assert.Equal(["r3"], await Ids(new() { Outcome = "deny" }));
        Assert.Equal(["r4"], await Ids(new() { Outcome = "stale" }));
        Assert.Equal(["r3"], await Ids(new() { Reason = "locked" }));
        Assert.Equal(["r4"], await Ids(new() { From = TrailFolder.Now.AddMinutes(30) , Kind = "decision", To = TrailFolder.Now.AddHours(2) }));
        Assert.Equal(["end", "decision"], (await archive.FindAsync(new() { RequestId = "r1" }, default)).Select(TrailFolder.Body).Select(TrailFolder.KindOf).OrderDescending());
        Assert.Equal(["r4", "r3"], await Ids(new() { Person = "corp/u1", Limit = 2 }));

        async Task<IEnumerable<string?>> Ids(RecordQuery query) =>
            (await archive.FindAsync(query, default)).Select(TrailFolder.Body).Select(body => body.GetProperty("request").GetString());
    }

    [Fact]
    public async Task Records_that_come_one_by_one_are_put_together_also_under_the_eyes_of_a_reader()
    {
        var database = await Lab.OpenAsync();
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
            for (var i = 0; i < 300; i++) await trail.Append(TrailFolder.Decision($"r{i}", i % 100 == 0 ? "corp/rare" : "corp/u1"));
        var records = folder.Records();
        var (sink, archive, read) = (new ArchiveSink(database), new RecordArchive(database), new List<long>());
        foreach (var record in records.Take(40)) await sink.TakeAsync([record], default);
        var rest = new Queue<ChainedRecord>(records.Skip(40));
        await foreach (var page in archive.ReadChainAsync(records[0].Node, default))
        {
            read.AddRange(page.Select(record => record.Sequence));
            for (var i = 0; i < 30 && rest.TryDequeue(out var next); i++) await sink.TakeAsync([next], default);
        }
        while (rest.TryDequeue(out var next)) await sink.TakeAsync([next], default);

        Assert.Equal(Enumerable.Range(1, read.Count).Select(sequence => (long)sequence), read);
        var day = Assert.Single(await archive.DaysAsync(default));
        Assert.InRange(await database.ReadAsync(store => store.FindAsync<long>($"SELECT count(*) FROM {DayTable.NameOf(day)}")), 1, 12);
        Assert.Equal(["r200", "r100", "r0"], (await archive.FindAsync(new() { Person = "corp/rare" }, default)).Select(record => TrailFolder.Body(record).GetProperty("request").GetString()));
        Assert.Equal(300, (await archive.FindAsync(new() { Kind = "decision", Limit = 1000 }, default)).Count);
        Assert.Equal(records.Count, Assert.Single((await ArchiveVerification.RunAsync(archive, [], default)).Chains).Records);
    }

    [Fact]
    public async Task Records_of_several_days_and_nodes_stand_apart()
    {
        var database = await Lab.OpenAsync();
        using var first = new TrailFolder();
        using var second = new TrailFolder();
        foreach (var folder in new[] { first, second })
            for (var day = 0; day < 3; day++)
            {
                Time.Advance(TimeSpan.FromDays(1));
                await using var trail = AuditTrail.Open(folder.Options, Time);
                for (var i = 0; i < 10; i++) await trail.Append(TrailFolder.Decision($"{day}-{i}"));
                await using var drains = new Drains(trail, folder.Options, new ArchiveSink(database), [], TimeProvider.System);
                await DrainTests.Caught(drains.Store!, trail);
            }
        var archive = new RecordArchive(database);
        Assert.Equal(6, (await archive.DaysAsync(default)).Count);
        Assert.Equal(2, (await archive.ChainsAsync(default)).Count);
        Assert.Equal(60, (await archive.FindAsync(new() { Kind = "decision", Limit = 1000 }, default)).Count);
    }
}

public sealed class ArchiveOnSqlite : ArchiveContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class ArchiveOnPostgres : ArchiveContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
