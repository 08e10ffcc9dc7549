using Doorward.Server.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Refreshes sessions while the server runs, on every node: whoever claims a session asks for it.</summary>
internal sealed class SessionRefreshService(SessionRefresh refresh, StoreService store, TimeProvider time, ILogger<SessionRefreshService> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await store.Started.WaitAsync(stoppingToken) is not null) return;
        await Duty.EachAsync("refresh sessions", Period, refresh.RunAsync, time, log, stoppingToken);
    }
}
