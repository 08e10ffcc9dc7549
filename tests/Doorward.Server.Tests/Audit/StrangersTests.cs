using System.Net;
using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Segments;

namespace Doorward.Server.Tests.Audit;

public sealed class StrangersTests
{
    [Fact]
    public async Task Refusals_of_one_address_are_written_twenty_times_a_second_and_then_counted()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(ByHand))
        {
            for (var i = 0; i < 1000; i++) Assert.Equal(i < 20 ? Appended.Written : Appended.Counted, await trail.Append(TrailFolder.Decision($"r{i}", person: null)));
        }
        Assert.Equal(20, folder.RequestIds().Count);
        var count = Assert.Single(Counts(folder));
        Assert.Equal("980", count.Body.GetProperty("details").GetProperty("count").GetString());
        Assert.Equal("app", count.Body.GetProperty("details").GetProperty("route").GetString());
        Assert.Equal("127.0.0.1", count.Who.GetProperty("address").GetString());
    }

    [Fact]
    public async Task What_is_allowed_or_refused_to_a_person_is_always_written()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(ByHand))
        {
            for (var i = 0; i < 100; i++)
            {
                await trail.Append(TrailFolder.Decision($"denied{i}") with { Decision = new() { Outcome = Outcome.Deny } });
                await trail.Append(TrailFolder.Decision($"public{i}", person: null) with { Decision = new() { Outcome = Outcome.Allow } });
            }
        }
        Assert.Equal(200, folder.RequestIds().Count);
    }

    [Fact]
    public async Task Strangers_from_everywhere_take_a_fifth_of_the_space_at_the_most()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(ByHand))
        {
            for (var i = 0; i < 20_000; i++)
                await trail.Append(TrailFolder.Decision($"r{i}", person: null) with { Address = new IPAddress(i * 65_537L) });
        }
        var refusals = folder.Records().Where(record => TrailFolder.KindOf(TrailFolder.Body(record)) != "audit").ToList();
        Assert.InRange(refusals.Sum(record => record.Body.Length + record.Who.Text.Length + 104), 30_000, 256 * 1024 / 5);
        var counted = Counts(folder).Sum(count => int.Parse(count.Body.GetProperty("details").GetProperty("count").GetString()!, null));
        Assert.Equal(20_000, folder.RequestIds().Count + counted);
    }

    [Fact]
    public async Task The_ends_of_their_refusals_are_in_that_fifth()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(ByHand))
        {
            for (var i = 0; i < 20_000; i++)
            {
                var id = $"{i:D20}";
                if (await trail.Append(TrailFolder.Decision(id, person: null) with { Address = new IPAddress(i * 65_537L) }) == Appended.Written)
                    trail.Append(TrailFolder.End(id) with { Status = 503, BytesSent = 0, Duration = TimeSpan.FromDays(1), EndedBy = EndedBy.Doorward });
            }
        }
        var records = folder.Records();
        Assert.Equal(folder.RequestIds(), folder.RequestIds("end"));
        Assert.InRange(records.Where(record => TrailFolder.KindOf(TrailFolder.Body(record)) != "audit").Sum(BytesOf), 40_000, 256 * 1024 / 5);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_count_as_one()
    {
        using var folder = new TrailFolder();
        await using (var trail = folder.Open(ByHand))
            for (var i = 0; i < 100; i++) await trail.Append(TrailFolder.Decision($"r{i}", person: null) with { Address = IPAddress.Parse($"2001:db8::{i:x}") });
        Assert.Equal(20, folder.RequestIds().Count);
        Assert.Equal("2001:db8::", Assert.Single(Counts(folder)).Who.GetProperty("address").GetString());
    }

    private static long BytesOf(ChainedRecord record) => SegmentFormat.Padded(SegmentFormat.EntryHeaderBytes + record.Body.Length + record.Who.Text.Length);

    private static AuditOptions ByHand(AuditOptions options) => options with { SegmentBytes = 256 * 1024, Second = Timeout.InfiniteTimeSpan };

    private static List<(JsonElement Body, JsonElement Who)> Counts(TrailFolder folder) =>
        [.. folder.Records().Select(record => (Body: TrailFolder.Body(record), Text: record.Who.Text))
            .Where(record => TrailFolder.KindOf(record.Body) == "refusals")
            .Select(record => (record.Body, record.Text.IsEmpty ? default : JsonSerializer.Deserialize<JsonElement>(record.Text.Span)))];
}
