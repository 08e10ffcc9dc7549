using System.Diagnostics;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

/// <summary>Whatever happens to the process or its disk: what a client saw is recorded, once, and the chain verifies.</summary>
public sealed class TortureTests
{
    private static bool Long => Environment.GetEnvironmentVariable("TEST_LONG") == "1";

    [Fact]
    public async Task Killed_at_random_instants_the_trail_has_every_record_that_a_client_saw()
    {
        using var folder = new TrailFolder();
        await KillRepeatedlyAsync(folder, Long ? 1000 : 50, segmentBytes: 256 * 1024, untilRefused: false);
    }

    [Fact]
    public async Task The_same_on_a_disk_that_fills_up()
    {
        using var disk = new SmallDisk(4);
        using var folder = new TrailFolder(Path.Combine(disk.Path, "audit"));
        var refused = await KillRepeatedlyAsync(folder, Long ? 200 : 10, segmentBytes: 512 * 1024, untilRefused: true);
        Assert.True(refused > 0, "the disk never was full");
    }

    [Theory]
    [InlineData("fsync:error=EIO:when=6")]
    [InlineData("fsync:error=EIO:when=5")]
    [InlineData("fsync:error=EIO:when=11")]
    [InlineData("fsync:error=EIO:when=13..16")]
    [InlineData("pwrite64:error=ENOSPC:when=5..20")]
    public async Task A_disk_that_fails_for_a_while_loses_nothing_and_the_trail_goes_on(string fault)
    {
        using var folder = new TrailFolder();
        using var writer = await WriterProcess.StartAsync(folder.Path, fault, pause: 1);
        // Long enough for every thread to have met its failure and for the trail to go on behind it.
        await Eventually.Holds(() => { lock (writer.Written) return writer.Written.Count > 600; });
        await writer.KillAsync();
        Assert.Equal(0, (await CheckAsync(folder, new(0, default), writer)).Lost);
    }

    private static async Task<long> KillRepeatedlyAsync(TrailFolder folder, int rounds, int segmentBytes, bool untilRefused)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var (head, refused) = (new ChainHead(0, default), 0L);
        for (var round = 0; round < rounds; round++)
        {
            using var writer = await WriterProcess.StartAsync(folder.Path, round, segmentBytes);
            // Every other time the disk is full before the kill.
            if (untilRefused && round % 2 == 0) await Eventually.Holds(() => { lock (writer.Written) return writer.Refused.Count > 0; });
            await Task.Delay(random.Next(0, 150));
            await writer.KillAsync();
            var state = await CheckAsync(folder, head, writer, segmentBytes);
            Assert.True(state.Lost == 0, $"seed {seed}, round {round}: {state.Lost} of {writer.Written.Count} answers that a client saw have no record");
            (head, refused) = (state.Head, refused + writer.Refused.Count);
        }
        return refused;
    }

    /// <summary>Starts the trail, and looks at what is new behind the head: it chains, and has each answer's record once.</summary>
    private static async Task<(ChainHead Head, int Lost)> CheckAsync(TrailFolder folder, ChainHead head, WriterProcess writer, int segmentBytes = 64 * 1024)
    {
        await using var trail = AuditTrail.Open(folder.Options with { SegmentBytes = segmentBytes, SpaceBytes = long.MaxValue }, TimeProvider.System);
        if (head.Sequence == 0) head = ChainHead.Start(trail.Node);
        await trail.FlushAsync();
        var reader = new SegmentReader(folder.Path);
        reader.GoBehind(new(trail.Node, head.Sequence));
        var decisions = new HashSet<string>();
        while (reader.Read(null) is { Count: > 0 } batch)
        {
            foreach (var record in batch.Where(record => record.Sequence > head.Sequence))
            {
                Assert.True(record.Follows(head), $"record {record.Sequence} does not follow on {head.Sequence}");
                head = new(record.Sequence, record.Chain);
                var body = TrailFolder.Body(record);
                if (TrailFolder.KindOf(body) == "decision") Assert.True(decisions.Add(body.GetProperty("request").GetString()!), "a record is there twice");
            }
        }
        trail.Release(new ChainPosition(trail.Node, head.Sequence));
        Debug.WriteLine($"{writer.Written.Count} answers, {decisions.Count} records");
        return (head, writer.Written.Count(id => !decisions.Contains(id)));
    }
}
