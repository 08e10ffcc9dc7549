using Doorward.Server.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>Writes down, in the log and the audit trail, when a part of the server stops being well and when it is well again.</summary>
internal sealed partial class HealthWatch(HealthParts parts, AuditTrail trail, TimeProvider time, ILogger<HealthWatch> log) : BackgroundService
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, HealthState> _former = [];

    public void Look()
    {
        foreach (var part in parts.All.Select(part => part()))
        {
            // A start is not told: nothing has been well yet.
            if (!_former.TryGetValue(part.Name, out var former) && part.State != HealthState.Ok) continue;
            _former[part.Name] = part.State;
            if (part.State == former) continue;
            var state = part.State.ToString().ToLowerInvariant();
            if (part.State == HealthState.Ok) LogWell(log, part.Name, part.Detail);
            else LogUnwell(log, part.Name, state, part.Detail);
            _ = trail.Append(new EventRecord
            {
                Kind = EventKind.Health, At = time.GetUtcNow(), Act = $"{part.Name} {state}", Details = [new("detail", part.Detail)],
            }).AsTask();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_second, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Health: {Part} is {State}: {Detail}")]
    private static partial void LogUnwell(ILogger log, string part, string state, string detail);

    [LoggerMessage(LogLevel.Information, "Health: {Part} is well again: {Detail}")]
    private static partial void LogWell(ILogger log, string part, string detail);
}
