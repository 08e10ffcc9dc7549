using Doorward.Policy;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Keys;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Store;

/// <summary>What runs as long as the server does: makes the store ready, follows the feed, rotates keys, prunes.</summary>
internal sealed partial class StoreService(
    Database database, StoreStart start, ChangeFeed feed, KeyRotation rotation, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<StoreService> log)
    : BackgroundService
{
    private readonly TaskCompletionSource<Problem?> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the store is ready (null), or must not be used: then the server stops, and whoever started it says why.</summary>
    public Task<Problem?> Started => _started.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var problem = await start.RunAsync(stoppingToken);
        _started.SetResult(problem);
        if (problem is not null)
        {
            lifetime.StopApplication();
            return;
        }

        await Task.WhenAll(
            feed.RunAsync(stoppingToken),
            EachAsync(KeyRotation.Period, rotation.RunAsync, stoppingToken),
            EachAsync(TimeSpan.FromMinutes(1), token => FeedPruning.RunAsync(database, token), stoppingToken));
    }

    /// <summary>Duties that may fail: the next time does what this time did not.</summary>
    private async Task EachAsync(TimeSpan period, Func<CancellationToken, Task> duty, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                await duty(cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogFailed(log, duty.Method.Name, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A duty of the store failed ({Duty}); it is tried again")]
    private static partial void LogFailed(ILogger log, string duty, Exception exception);
}
