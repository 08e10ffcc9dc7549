using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Doorward.EndToEnd.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Torture;

/// <summary>The trail lies on a file system of 4 MB, and somebody else fills it.</summary>
[Collection(nameof(Crowd))]
public sealed class FullDiskTests
{
    [Fact]
    public async Task Full_it_refuses_and_says_so_also_through_a_kill_and_goes_on_by_itself_when_there_is_room()
    {
        using var disk = new SmallDisk(4);
        await using var door = await Door.StartAsync(audit: ", space: 8MiB", folder: Path.Combine(disk.Path, "audit"));
        await using var load = new Load(door);
        await using var node = await door.ServeAsync();
        await load.UntilAsync(200);
        using var filling = new Filling(Path.Combine(disk.Path, "others"));
        await load.UntilAsync(503, "unaudited");
        await Eventually.Holds(async () => await door.HealthAsync() is { Status: 503, Body: var said } && said.Contains("No space left", StringComparison.Ordinal));
        await Eventually.Holds(async () => await door.MeasureAsync("doorward_audit_writes") is 0);
        Assert.True(await door.MeasureAsync("doorward_audit_refused_records_total") > 0);
        Assert.True(node.Lives, "it did not survive the full disk");
        await node.KillAsync();

        // It starts while there is no room.
        await using var again = await door.ServeAsync();
        await load.UntilAsync(503, "unaudited");
        Assert.True(again.Lives);
        filling.Clear();

        await load.UntilAsync(200);
        await Eventually.Holds(async () => await door.HealthAsync() is { Status: 200 });
        await Eventually.Holds(async () => await door.MeasureAsync("doorward_audit_writes") is 1);
        await again.KillAsync();
        await using var last = await door.ServeAsync();
        await load.UntilAsync(200);
        await load.StopAsync();
        await Trail.AssertVerifiesAsync(door);
        await Trail.AssertHasAllAsync(door, load);
    }

    /// <summary>A file that takes all room that there is, and what becomes free.</summary>
    private sealed class Filling : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly string _path;
        private readonly Task _filling;

        public Filling(string path)
        {
            _path = path;
            _filling = Task.Run(FillAsync);
        }

        public void Clear()
        {
            _stop.Cancel();
            _filling.Wait();
            File.Delete(_path);
        }

        public void Dispose()
        {
            Clear();
            _stop.Dispose();
        }

        private async Task FillAsync()
        {
            await using var file = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    file.Write(page);
                }
                catch (IOException)
                {
                    await Task.Delay(1);
                }
            }
        }
    }
}
