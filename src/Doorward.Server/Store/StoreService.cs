using Doorward.Policy;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Store;

/// <summary>What runs as long as the server does: makes the store ready, follows the feed, rotates keys, prunes.</summary>
internal sealed class StoreService(
    Database database, StoreStart start, ChangeFeed feed, KeyRotation rotation, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<StoreService> log)
    : BackgroundService
{
    private readonly TaskCompletionSource<Problem?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Ends when the store is ready and what it says is in memory (null), or when it must not be used: then the server stops, and
    /// whoever started it says why.
    /// </summary>
    public Task<Problem?> Started => _started.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var problem = await start.RunAsync(stoppingToken);
        if (problem is not null)
        {
            _started.SetResult(problem);
            lifetime.StopApplication();
            return;
        }

        await Task.WhenAll(
            feed.RunAsync(stoppingToken),
            StartedAsync(stoppingToken),
            Duty.EachAsync("rotate keys", KeyRotation.Period, rotation.RunAsync, time, log, stoppingToken),
            Duty.EachAsync("prune changes", TimeSpan.FromMinutes(1), token => FeedPruning.RunAsync(database, token), time, log, stoppingToken));
    }

    private async Task StartedAsync(CancellationToken cancellation)
    {
        await feed.CaughtUp.WaitAsync(cancellation);
        _started.SetResult(null);
    }
}
