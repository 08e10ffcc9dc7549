using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>PostgreSQL is away for a minute (in the short run for some seconds), and the door is killed meanwhile.</summary>
[Collection(nameof(Crowd))]
public sealed class StoreAwayTests(ITestOutputHelper output)
{
    /// <summary>At the least: longer than the shorter limit of <see cref="What_was_recorded_meanwhile_comes_into_the_store_once"/>.</summary>
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 60 : 6);

    /// <param name="limit">How many seconds facts count: for a while of the outage, or longer than it.</param>
    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public async Task What_was_recorded_meanwhile_comes_into_the_store_once(int limit)
    {
        var refuses = limit < _outage.TotalSeconds;
        await using var postgres = await PostgresCluster.StartAsync();
        await using var door = await Door.StartAsync($"postgres: \"{await postgres.NewDatabaseAsync("away")}\"", more: $"staleness: {{ limit: {limit}s }}");
        await using var node = await door.ServeAsync();
        await using var load = new Load(door);
        await load.UntilAsync(200);
        await load.UntilAsync(403, "denied");

        var before = load.Answers.Count;
        await postgres.StopAsync();
        var outage = Task.Delay(_outage);
        if (refuses)
        {
            await load.UntilAsync(503, "stale");
            await Eventually.Holds(async () => await door.HealthAsync() is { Status: 503, Body: var said } && said.Contains("store", StringComparison.Ordinal));
        }
        await Eventually.Holds(async () => await door.MeasureAsync("doorward_audit_sink_down{") is 1 && await door.MeasureAsync("doorward_audit_sink_behind_records{") > 0);
        await outage;
        await load.UntilAsync(refuses ? 503 : 200, refuses ? "stale" : null);
        Assert.True(node.Lives);
        var meanwhile = load.Answers.Skip(before).ToList();
        output.WriteLine($"{_outage.TotalSeconds} s without the store: {string.Join(", ", meanwhile.CountBy(one => one.Why ?? "allowed"))}");
        await postgres.RunAsync();

        await load.UntilAsync(200);
        await load.UntilAsync(403, "denied");
        await node.KillAsync();
        await using var again = await door.ServeAsync();
        await load.UntilAsync(200);
        await load.StopAsync();
        await Trail.AssertVerifiesAsync(door);
        await Trail.AssertHasAllAsync(door, load, meanwhile);
    }
}
