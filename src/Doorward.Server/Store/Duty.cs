using Microsoft.Extensions.Logging;

namespace Doorward.Server.Store;

/// <summary>Something that a node does again and again, and may fail at: the next time does what this time did not.</summary>
internal static partial class Duty
{
    /// <summary>Ends when cancelled, without a word.</summary>
    public static async Task EachAsync(
        string name, TimeSpan period, Func<CancellationToken, Task> work, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(period, time);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await timer.WaitForNextTickAsync(cancellation))
                    await work(cancellation);
            }
            catch (Exception) when (cancellation.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                LogFailed(log, name, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A duty failed ({Duty}); it is tried again")]
    private static partial void LogFailed(ILogger log, string duty, Exception exception);
}
