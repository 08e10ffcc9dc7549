using System.Text.Json;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Audit;

public sealed class DrainTests
{
    [Fact]
    public async Task Every_record_becomes_a_line_of_the_file_in_order_also_over_restarts()
    {
        using var folder = new TrailFolder();
        var file = Path.Combine(folder.Path, "audit.jsonl");
        for (var run = 0; run < 3; run++)
        {
            await using var trail = folder.Open();
            await using var drains = new Drains(trail, folder.Options, null, [new LinesSink(file)], TimeProvider.System);
            for (var i = 0; i < 500; i++) await trail.Append(TrailFolder.Decision($"{run}-{i}"));
            await Caught(drains.Others[0], trail);
        }
        var lines = File.ReadLines(file).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(Enumerable.Range(1, 1503), lines.Select(line => line.GetProperty("sequence").GetInt32()));
        var ids = lines.Select(line => line.GetProperty("record")).Where(body => TrailFolder.KindOf(body) == "decision").Select(body => body.GetProperty("request").GetString());
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(run => Enumerable.Range(0, 500).Select(i => $"{run}-{i}")), ids);
    }

    [Fact]
    public async Task A_sink_that_is_away_gets_everything_when_it_is_back_and_nobody_waits_for_it()
    {
        using var folder = new TrailFolder();
        await using var trail = folder.Open();
        var away = Path.Combine(folder.Path, "not-yet", "audit.jsonl");
        await using var drains = new Drains(trail, folder.Options, null, [new LinesSink(away)], TimeProvider.System);
        for (var i = 0; i < 100; i++) Assert.Equal(Appended.Written, await trail.Append(TrailFolder.Decision($"r{i}")));
        await Eventually.Holds(() => drains.Others[0].Trouble is not null);
        Directory.CreateDirectory(Path.GetDirectoryName(away)!);
        await Caught(drains.Others[0], trail);
        Assert.Null(drains.Others[0].Trouble);
        Assert.Equal(101, File.ReadLines(away).Count());
    }

    [Fact]
    public async Task Segments_are_kept_for_a_sink_that_is_away_until_half_of_the_space_is_used()
    {
        using var folder = new TrailFolder();
        var options = folder.Options with { SpaceBytes = 20 * 64 * 1024 };
        await using var trail = folder.Open(_ => options);
        await using var drains = new Drains(trail, options, null, [new LinesSink(Path.Combine(folder.Path, "away", "x"))], TimeProvider.System);
        for (var i = 0; i < 500; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
        await trail.FlushAsync();
        drains.Release();
        Assert.Equal(500, folder.RequestIds().Count);
        for (var i = 500; i < 1500; i++) await trail.Append(TrailFolder.Decision($"r{i}"));
        await trail.FlushAsync();
        drains.Release();
        Assert.True(folder.RequestIds().Count < 500);
    }

    /// <summary>The sink has everything that was appended.</summary>
    internal static Task Caught(Drain drain, AuditTrail trail) => Eventually.Holds(async () => await trail.FlushAsync() && drain.Taken == trail.Durable.Mark.Head.Sequence);
}
