using Doorward.Server.Audit.Archive;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Audit;

/// <summary>What is done about the trail again and again: checkpoints are signed, old days are dropped. Every node does both; twice does no harm.</summary>
internal sealed class AuditService(CheckpointMaker checkpoints, Retention retention, PolicyArchive policies, AuditSchedule schedule, TimeProvider time, ILogger<AuditService> log) : BackgroundService
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Duty.EachAsync("sign a checkpoint", schedule.Checkpoints, checkpoints.RunAsync, time, log, stoppingToken),
        Duty.EachAsync("drop old audit records", _hour, token => retention.RunAsync(schedule.KeepDays, token), time, log, stoppingToken),
        Duty.EachAsync("drop old policies", _hour, token => policies.PruneAsync(schedule.KeepDays, token), time, log, stoppingToken));
}

/// <summary>How often, and how long.</summary>
/// <param name="Checkpoints">Between two checkpoints.</param>
/// <param name="KeepDays">Days that records stay in the store.</param>
internal sealed record AuditSchedule(TimeSpan Checkpoints, int KeepDays);
