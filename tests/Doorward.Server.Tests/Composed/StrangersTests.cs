using System.Text.Json;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;

namespace Doorward.Server.Tests.Composed;

/// <summary>Whoever has no session cannot fill the trail, however much they ask.</summary>
public sealed class StrangersTests
{
    private const int Asked = 300;
    private const string Flood = "/flood";

    [Fact]
    public async Task A_flood_of_strangers_is_counted_and_leaves_no_end_without_its_decision()
    {
        await using var whole = await Whole.StartAsync();
        await Eventually.Holds(async () => Wire.StatusOf(await whole.GetAsync(Whole.App, "/")) == 401);
        // As fast as they come: all on one connection.
        var requests = string.Concat(Enumerable.Range(1, Asked).Select(i => $"GET {Flood} HTTP/1.1\r\nHost: {Whole.App}\r\n{(i == Asked ? "Connection: close\r\n" : "")}\r\n"));
        Assert.Equal(Asked, (await whole.SendAsync(Whole.App, requests)).Split("HTTP/1.1 401").Length - 1);

        await Eventually.Holds(() => RecordsOf(whole) is var records && Of(records, "decision").Count(record => record.GetProperty("path").GetString() == Flood) + Of(records, "refusals").Sum(CountIn) == Asked);
        await Eventually.Holds(() => Ids(whole, "decision").IsSubsetOf(Ids(whole, "end")));
        var (decided, ended) = (Ids(whole, "decision"), Ids(whole, "end"));
        Assert.True(decided.Count < Asked, "Nothing was counted: it took longer than the flood that this is about.");
        Assert.All(ended, id => Assert.Contains(id, decided));
    }

    private static List<JsonElement> RecordsOf(Whole whole) => [.. whole.Records().Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("record"))];

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> records, string kind) => records.Where(record => record.GetProperty("kind").GetString() == kind);

    private static HashSet<string> Ids(Whole whole, string kind) => [.. Of(RecordsOf(whole), kind).Select(IdIn)];

    private static string IdIn(JsonElement record) => record.GetProperty("request").GetString()!;

    private static int CountIn(JsonElement record) => int.Parse(record.GetProperty("details").GetProperty("count").GetString()!, null);
}
