using Doorward.Server.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.Sessions;

/// <summary>What sessions need while the server runs. Any number of nodes may do it at once.</summary>
internal sealed class SessionService(SessionStore sessions, SessionActivity activity, StoreService store, TimeProvider time, ILogger<SessionService> log) : BackgroundService
{
    private static readonly TimeSpan _prunePeriod = TimeSpan.FromMinutes(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await activity.FlushAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // Somebody's last minute of activity is forgotten.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAny(store.Started, Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken));
        if (!store.Started.IsCompletedSuccessfully || await store.Started is not null) return;
        await Task.WhenAll(
            Duty.EachAsync("tell activity", SessionActivity.FlushPeriod, activity.FlushAsync, time, log, stoppingToken),
            Duty.EachAsync("end idle sessions", SessionActivity.EndPeriod, activity.EndIdleAsync, time, log, stoppingToken),
            Duty.EachAsync("prune sessions", _prunePeriod, sessions.PruneAsync, time, log, stoppingToken));
    }
}
