using Doorward.Server.Store;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// Ends sessions of which only what the client shows tells that they are over: when it was said, nobody could find them. In the store, so
/// that they are over at every host, and whoever signs in anew is not led back with the old one.
/// </summary>
internal sealed partial class LateEnds(SessionStore sessions, ILogger<LateEnds> log) : IDisposable
{
    /// <summary>Writes under way at once: a device on which many sessions are open does not keep other writers from their turn.</summary>
    private const int Places = 4;

    private readonly SemaphoreSlim _places = new(Places);
    private readonly Dictionary<string, Task<bool>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Ends it once, however many requests show it, and whether or not anybody waits.</summary>
    /// <returns>False where the store does not answer: whoever shows it again is the next attempt.</returns>
    public Task<bool> EndAsync(Session session)
    {
        lock (_underWay)
        {
            if (!_underWay.TryGetValue(session.Id, out var ending)) _underWay[session.Id] = ending = Task.Run(() => RunAsync(session.Id));
            return ending;
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<bool> RunAsync(string id)
    {
        await _places.WaitAsync();
        try
        {
            await sessions.EndAsync(id, "shown on a device on which it was over");
            return true;
        }
        catch (StoreUnavailableException e)
        {
            LogNotEnded(log, id, e.Message);
            return false;
        }
        finally
        {
            _places.Release();
            lock (_underWay) _underWay.Remove(id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Session {Session} was shown on a device on which it is over; it is refused there, and could not be ended yet: {Reason}")]
    private static partial void LogNotEnded(ILogger log, string session, string reason);
}
