using Doorward.Server.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Routes.Agreement;

/// <summary>Compares the nodes' configurations while the server runs, on every node.</summary>
internal sealed class NodeAgreementService(NodeAgreement agreement, StoreService store, TimeProvider time, ILogger<NodeAgreementService> log) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAny(store.Started, Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken));
        if (!store.Started.IsCompletedSuccessfully || await store.Started is not null) return;
        await Duty.EachAsync("compare the nodes' configurations", _period, agreement.LookAsync, time, log, stoppingToken);
    }
}
