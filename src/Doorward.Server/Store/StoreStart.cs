using Doorward.Policy;
using Doorward.Server.Store.Keys;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Store;

/// <summary>
/// Makes the store ready: schema and keys. A store that is down is waited for, however long it takes; one that must not be used is a
/// problem. Until it is ready no fact is fresh, and guarded routes refuse.
/// </summary>
internal sealed partial class StoreStart(Database database, KeyRotation keys, StoreOptions options, TimeProvider time, ILogger<StoreStart> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Short, so that a node is ready within 2 s after the store is; jittered to up to half as much again, so that many nodes do not come at once.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public bool IsReady { get; private set; }

    /// <summary>Null when the store is ready.</summary>
    public async Task<Problem?> RunAsync(CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var problem = await Schema.MigrateAsync(database, options.Place, cancellation) ?? await keys.StartAsync(options.Place, cancellation);
                IsReady = problem is null;
                return problem;
            }
            catch (StoreUnavailableException e)
            {
                if (pause == FirstPause)
                    LogWaiting(log, database.Name, e);
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellation);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store} is not there yet; waiting for it")]
    private static partial void LogWaiting(ILogger log, string store, Exception exception);
}
