using System.Text.Json;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>With <c>strict</c> an answer waits until its record is on the disk. Here the disk does not take it.</summary>
[Collection(nameof(Crowd))]
public sealed class StrictTests
{
    /// <summary>Long enough that an answer which does not wait is there before it is known that the disk failed: from then on everything is refused, strict or not.</summary>
    private const string Fault = "fsync:delay_enter=3000000:error=EIO";

    [Fact]
    public async Task What_cannot_be_flushed_is_neither_let_through_nor_denied_and_it_goes_on_by_itself()
    {
        // In PostgreSQL, so that only the trail flushes here.
        await using var door = await Door.StartAsync($"postgres: \"{await Postgres.NewDatabaseAsync()}\"", ", strict: true");
        await using var node = await door.ServeAsync();
        using var client = door.Client();
        await AnsweredAsync("/before");
        await using (await FaultyCalls.StartAsync(node.Id, Fault))
        {
            var during = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => client.AskAsync(Door.At($"/during/{i}"), i % 2 == 0 ? door.Cookies.Ada : door.Cookies.Ben)));
            Assert.All(during, told => Assert.Equal((503, "unaudited"), (told.Status, ErrorOf(told))));
            await Eventually.Holds(async () => await door.HealthAsync() is { Status: 503, Body: var said } && said.Contains("cannot be flushed", StringComparison.Ordinal));
        }
        Assert.True(node.Lives);

        await AnsweredAsync("/after");
        await Eventually.Holds(async () => await door.HealthAsync() is { Status: 200 });
        Assert.Equal(["/after", "/before"], door.Reached.Order(StringComparer.Ordinal));
        await Trail.AssertVerifiesAsync(door);

        async Task AnsweredAsync(string path)
        {
            await Eventually.Holds(async () => (await client.AskAsync(Door.At(path), door.Cookies.Ada)).Status == 200);
            await Eventually.Holds(async () => await client.AskAsync(Door.At(path), door.Cookies.Ben) is { Status: 403 });
        }
    }

    private static string? ErrorOf(Told told) => JsonSerializer.Deserialize<JsonElement>(told.Body).GetProperty("error").GetString();
}
