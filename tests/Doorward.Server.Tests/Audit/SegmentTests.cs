using System.Text;
using CsCheck;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Tests.Audit;

public sealed class SegmentTests
{
    [Theory]
    [InlineData("Memory")]
    [InlineData("File")]
    public async Task What_was_appended_is_there_in_order_and_chained(string writing)
    {
        using var folder = new TrailFolder();
        var ids = Enumerable.Range(0, 1000).Select(i => $"r{i}").ToList();
        await using (var trail = folder.Open(options => options with { Writing = Enum.Parse<SegmentWriting>(writing) }))
        {
            foreach (var id in ids)
            {
                Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision(id)));
                trail.Append(TrailFolder.End(id));
            }
        }
        Assert.Equal(ids, folder.RequestIds());
        Assert.Equal(ids.Order(), folder.RequestIds("end").Order());
        folder.AssertChained();
        Assert.True(SegmentFiles.In(folder.Path).Count > 5, "the records fill more than one segment");
    }

    [Fact]
    public async Task What_was_appended_by_many_at_once_is_there_once()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
        {
            await Parallel.ForAsync(0, 8, async (writer, _) =>
            {
                for (var i = 0; i < 500; i++) Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision($"w{writer}-{i}")));
            });
        }
        var ids = folder.RequestIds();
        Assert.Equal(4000, ids.Count);
        Assert.Equal(4000, ids.Distinct().Count());
        folder.AssertChained();
    }

    [Fact]
    public async Task A_process_killed_at_any_instant_has_lost_nothing_that_was_appended()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open(options => options with { Group = TimeSpan.FromMilliseconds(3), SpaceBytes = 1 << 30 });
        var (appended, stop) = (0, false);
        var writing = Task.Run(async () =>
        {
            while (appended < 8_000 && !Volatile.Read(ref stop))
            {
                Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision($"r{appended}")));
                Volatile.Write(ref appended, appended + 1);
            }
        });
        for (var kill = 0; kill < 10; kill++)
        {
            var seen = Volatile.Read(ref appended);
            using var killed = folder.Snapshot();
            await using (killed.Open()) { }
            Assert.Equal(Enumerable.Range(0, seen).Select(i => $"r{i}"), killed.RequestIds().Take(seen));
            killed.AssertChained();
        }
        Volatile.Write(ref stop, true);
        await writing;
    }

    [Fact]
    public async Task A_record_that_was_half_written_leaves_a_hole_that_is_told_and_the_rest_stands()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open(options => options with { Group = TimeSpan.FromHours(1) });
        for (var i = 0; i < 5; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
        using var killed = folder.Snapshot();
        TearEntry(killed, "\"r2\"");
        await using (killed.Open()) { }
        Assert.Equal(["r0", "r1", "r3", "r4"], killed.RequestIds());
        killed.AssertChained();
        var start = killed.Records().Select(TrailFolder.Body).Last(body => TrailFolder.KindOf(body) == "audit");
        Assert.Contains("000000000001.segment", start.GetProperty("details").GetProperty("hole_1").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_chain_and_says_that_it_did()
    {
        using var folder = new TrailFolder();
        for (var run = 0; run < 3; run++)
        {
            await using var trail = folder.Open();
            await trail.Append(TrailFolder.Decision($"run{run}"));
        }
        Assert.Equal(["run0", "run1", "run2"], folder.RequestIds());
        Assert.Equal(["begin", "start", "start"], folder.Records().Select(TrailFolder.Body).Where(body => TrailFolder.KindOf(body) == "audit").Select(body => body.GetProperty("act").GetString()));
        folder.AssertChained();
        Assert.Single(folder.Records().Select(record => record.Node).Distinct());
    }

    [Fact]
    public async Task Two_processes_cannot_write_one_trail()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open();
        Assert.Throws<IOException>(() => folder.Open());
    }

    [Fact]
    public async Task Under_strict_a_record_is_on_the_disk_when_the_call_returns()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open(options => options with { Strict = true, Group = TimeSpan.FromHours(1) });
        await trail.Append(TrailFolder.Decision("r1"));
        Assert.Contains("r1", folder.RequestIds());
        Assert.True(trail.Durable.Mark.Head.Sequence >= 1);
    }

    [Fact]
    public async Task Segments_that_everybody_has_read_are_removed_and_the_rest_still_chains()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open())
        {
            for (var i = 0; i < 1000; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
            await trail.FlushAsync();
            trail.Release(new ChainPosition(trail.Node, 900));
        }
        var records = folder.Records();
        Assert.InRange(records[0].Sequence, 700, 901);
        await using (folder.Open()) { }
        var after = folder.Records();
        Assert.Equal(records[0].Sequence, after[0].Sequence);
        for (var i = 1; i < after.Count; i++) Assert.True(after[i].Follows(new(after[i - 1].Sequence, after[i - 1].Chain)));
    }

    [Fact]
    public void The_scanner_finds_every_entry_whatever_lies_between_and_never_throws() =>
        Gen.Select(Gen.Byte.Array[0, 400].Select(noise => (object)noise), Gen.String.Select(text => (object)Encoding.UTF8.GetBytes($"{{\"x\":\"{text.Replace('\0', ' ')}\"}}")))
            .SelectMany((noise, text) => Gen.Bool.Select(first => first ? noise : text)).Array[0, 12]
            .Sample(parts =>
            {
                var segment = new MemoryStream();
                var texts = new List<string>();
                foreach (var part in parts)
                {
                    if (part is byte[] { Length: > 0 } bytes && bytes[0] == (byte)'{')
                    {
                        segment.Write(EntryBytes(bytes));
                        texts.Add(Encoding.UTF8.GetString(bytes));
                    }
                    else segment.Write((byte[])part);
                    while (segment.Length % SegmentFormat.Alignment != 0) segment.WriteByte(0);
                }
                var found = new List<string>();
                var scanner = new EntryScanner(segment.ToArray(), 0);
                while (scanner.Next()) found.Add(Encoding.UTF8.GetString(scanner.Entry.Body));
                Assert.Equal(texts, found);
            });

    private static byte[] EntryBytes(byte[] body)
    {
        var entry = new byte[SegmentFormat.EntryHeaderBytes + body.Length];
        BitConverter.TryWriteBytes(entry, entry.Length);
        BitConverter.TryWriteBytes(entry.AsSpan(8), body.Length);
        body.CopyTo(entry, SegmentFormat.EntryHeaderBytes);
        BitConverter.TryWriteBytes(entry.AsSpan(4), SegmentFormat.Checksum(entry.AsSpan(8, 16), body));
        return entry;
    }

    private static void TearEntry(TrailFolder folder, string text)
    {
        var (_, path) = SegmentFiles.In(folder.Path)[0];
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text))] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
