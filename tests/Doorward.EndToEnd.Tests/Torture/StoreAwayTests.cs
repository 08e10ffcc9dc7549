using Doorward.EndToEnd.Tests.Lab;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>PostgreSQL is away for a minute (in the short run for some seconds), and the door is killed meanwhile.</summary>
[Collection(nameof(Crowd))]
public sealed class StoreAwayTests
{
    /// <summary>At the least: longer than facts may be old.</summary>
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 60 : 6);

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task What_was_recorded_meanwhile_comes_into_the_store_once()
    {
        await using var postgres = await PostgresCluster.StartAsync();
        await using var door = await Door.StartAsync($"postgres: \"{await postgres.NewDatabaseAsync("away")}\"", more: $"staleness: {{ limit: {_limit.TotalSeconds}s }}");
        await using var node = await door.ServeAsync();
        await using var load = new Load(door);
        await load.UntilAsync(200);

        await postgres.StopAsync();
        var outage = Task.Delay(_outage);
        await load.UntilAsync(503, "stale");
        await Eventually.Holds(async () => await door.HealthAsync() is { Status: 503, Body: var said } && said.Contains("store", StringComparison.Ordinal));
        await Eventually.Holds(async () => await door.MeasureAsync("doorward_audit_sink_down{") is 1 && await door.MeasureAsync("doorward_audit_sink_behind_records{") > 0);
        await outage;
        Assert.True(node.Lives);
        await postgres.RunAsync();

        await load.UntilAsync(200);
        await load.UntilAsync(403, "denied");
        await node.KillAsync();
        await using var again = await door.ServeAsync();
        await load.UntilAsync(200);
        await load.StopAsync();
        // Also what Doorward itself refused is explained, by what it was and by what would be now.
        var stale = load.Answers.First(answer => answer.Why == "stale").RequestId!;
        await Eventually.Holds(async () => await door.RunAsync("explain", stale) is (0, var told)
            && told.Contains("then: stale", StringComparison.Ordinal) && told.Contains("It would be enough if the store had been heard from in time", StringComparison.Ordinal) && told.Contains("now:  ", StringComparison.Ordinal));
        await Trail.AssertVerifiesAsync(door);
        await Trail.AssertHasAllAsync(door, load);
    }
}
