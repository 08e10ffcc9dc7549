using System.Diagnostics;
using Doorward.EndToEnd.Tests.Lab;
using Doorward.EndToEnd.Tests.Nodes;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>Killed at random instants, under load and while it starts.</summary>
public abstract class KillContract(ITestOutputHelper output)
{
    /// <summary>Kills of one door. Each start verifies all that its store has: more of them would verify the first records again and again.</summary>
    private const int KillsOfOne = 25;

    /// <summary>Every so many starts one is killed in its middle.</summary>
    private const int StartsKilled = 5;

    private static int Doors => Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 20 : 1;

    private protected abstract Task<Door> StartAsync();

    [Fact]
    public async Task What_anybody_saw_is_recorded_once_and_the_chain_verifies_after_each_start()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < Doors; i++) await KillAsync(random);
    }

    private async Task KillAsync(Random random)
    {
        await using var door = await StartAsync();
        await using var load = new Load(door);
        var (starting, verifying) = (new Stopwatch(), new Stopwatch());
        for (var kill = 0; kill < KillsOfOne; kill++)
        {
            load.IsEasy = true;
            starting.Start();
            if (kill % StartsKilled == 0) await ServeProcess.KillInItsStartAsync(door.Configuration, TimeSpan.FromMilliseconds(random.Next(100, 1500)));
            await using var node = await door.ServeAsync();
            await load.UntilAsync(200);
            starting.Stop();
            verifying.Start();
            await Trail.AssertVerifiesAsync(door);
            verifying.Stop();
            load.IsEasy = false;
            await load.UntilAsync(200);
            await Task.Delay(random.Next(0, 300));
            await node.KillAsync();
        }
        await using var last = await door.ServeAsync();
        await load.UntilAsync(200);
        await load.StopAsync();
        await Trail.AssertHasAllAsync(door, load);
        output.WriteLine($"{KillsOfOne} kills, {load.Answers.Count} answers, {door.Reached.Count} requests that reached the service; starts took {starting.Elapsed.TotalSeconds:F0} s, verifying {verifying.Elapsed.TotalSeconds:F0} s");
    }
}

/// <summary>The store dies with the server.</summary>
[Collection(nameof(Crowd))]
public sealed class KillsOnSqlite(ITestOutputHelper output) : KillContract(output)
{
    private protected override Task<Door> StartAsync() => Door.StartAsync(audit: ", space: 64MiB");
}

/// <summary>The store lives on.</summary>
[Collection(nameof(Crowd))]
public sealed class KillsOnPostgres(ITestOutputHelper output) : KillContract(output)
{
    private protected override async Task<Door> StartAsync() => await Door.StartAsync($"postgres: \"{await Postgres.NewDatabaseAsync()}\"", ", space: 64MiB");
}
