using Doorward.Server.Audit;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData("Memory")]
    [InlineData("File")]
    public async Task A_full_disk_refuses_decisions_writes_the_ends_and_recovers_by_itself(string writing)
    {
        using var disk = new SmallDisk(4);
        using var folder = new TrailFolder(Path.Combine(disk.Path, "audit"));
        await using (var trail = folder.Open(options => options with { SegmentBytes = 512 * 1024, Writing = Enum.Parse<SegmentWriting>(writing) }))
        {
            var allowed = await FillAsync(trail);
            Assert.False(trail.Health.Writes);
            Assert.NotNull(trail.Health.Trouble);
            foreach (var id in allowed) trail.Append(TrailFolder.End(id));
            await trail.FlushAsync();

            // What the drain does when it has brought the records elsewhere.
            var early = folder.RequestIds();
            Assert.Equal(allowed, early);
            trail.Release(new ChainPosition(trail.Node, trail.Durable.Mark.Head.Sequence / 2));
            await Eventually.Holds(() => trail.Health is { Writes: true, Waiting: 0 });
            Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision("after")));
            trail.EachSecond();
            Assert.Equal(0, trail.Health.Lost);
            trail.Release(new ChainPosition(trail.Node, 0));
        }
        Assert.Contains("after", folder.RequestIds());
        Assert.Contains(folder.Records().Select(TrailFolder.Body), body => TrailFolder.KindOf(body) == "audit" && body.GetProperty("act").GetString() == "resumed");
        AssertFollowing(folder);
    }

    [Fact]
    public async Task A_start_on_a_full_disk_works_and_keeps_everything()
    {
        using var disk = new SmallDisk(4);
        using var folder = new TrailFolder(Path.Combine(disk.Path, "audit"));
        IReadOnlyList<string> allowed;
        await using (var trail = folder.Open(options => options with { SegmentBytes = 512 * 1024 })) allowed = await FillAsync(trail);
        await using (var trail = folder.Open(options => options with { SegmentBytes = 512 * 1024 }))
        {
            Assert.Equal(allowed, folder.RequestIds());
            trail.Release(new ChainPosition(trail.Node, trail.Durable.Mark.Head.Sequence));
            await Eventually.Holds(() => trail.Health.Writes);
            Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision("after")));
        }
        Assert.Contains("after", folder.RequestIds());
    }

    [Fact]
    public async Task The_space_that_segments_may_take_is_a_limit_too()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open(options => options with { SpaceBytes = 8 * options.SegmentBytes });
        await FillAsync(trail);
        Assert.Contains("does not take the records over", trail.Health.Trouble, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> FillAsync(AuditTrail trail)
    {
        for (var allowed = new List<string>(); ; allowed.Add($"r{allowed.Count}"))
        {
            Assert.True(allowed.Count < 100_000, "the disk is never full");
            if (await trail.Append(TrailFolder.Decision($"r{allowed.Count}")) == Appended.Refused) return allowed;
        }
    }

    private static void AssertFollowing(TrailFolder folder)
    {
        var records = folder.Records();
        for (var i = 1; i < records.Count; i++) Assert.True(records[i].Follows(new(records[i - 1].Sequence, records[i - 1].Chain)));
    }
}
