using System.Collections.Concurrent;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// When sessions were last used on this node, written to the store every 30 s and outside the feed: no decision depends on it but the
/// idle end, and that is exact to a minute.
/// </summary>
internal sealed class SessionActivity(Database database, SessionStore sessions, SessionLimits limits, TimeProvider time)
{
    /// <summary>How long a use may be unknown to other nodes; added to the limit before a session is ended for idleness.</summary>
    public static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan EndPeriod = TimeSpan.FromSeconds(10);

    private const long PrecisionMilliseconds = 1000;
    private const int Batch = 500;

    private readonly ConcurrentDictionary<string, Use> _uses = new(StringComparer.Ordinal);

    /// <summary>The session was used now. On the request path: writes a word of memory, at most once a second and session.</summary>
    public void Touch(Session session)
    {
        if (session.ServiceAccount is not null) return;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!_uses.TryGetValue(session.Id, out var use)) use = _uses.GetOrAdd(session.Id, static _ => new Use());
        if (now - use.At >= PrecisionMilliseconds) use.At = now;
    }

    /// <summary>Tells the store. What it could not be told is told the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        var told = _uses.Select(pair => (Id: pair.Key, Use: pair.Value, pair.Value.At)).ToArray();
        // In one order on every node, so that two do not wait for each other.
        foreach (var chunk in told.Where(one => one.At > one.Use.Told).OrderBy(one => one.Id, StringComparer.Ordinal).Chunk(Batch))
        {
            await database.WriteAsync(
                transaction => transaction.ExecuteAsync(
                    "UPDATE sessions SET last_activity = @At WHERE id = @Id AND last_activity < @At", chunk.Select(one => new { one.Id, one.At })),
                cancellation);
            foreach (var one in chunk) one.Use.Told = one.At;
        }

        // Not used since the last time: forgotten here, remembered in the store.
        var idle = time.GetUtcNow().ToUnixTimeMilliseconds() - (2 * (long)FlushPeriod.TotalMilliseconds);
        foreach (var (id, use, at) in told)
            if (at < idle && use.At == use.Told) _uses.TryRemove(new(id, use));
    }

    /// <summary>Ends what was idle for too long, on any node.</summary>
    public async Task EndIdleAsync(CancellationToken cancellation)
    {
        if (limits.Idle is not { } idle) return;
        await FlushAsync(cancellation);
        while (await sessions.EndIdleAsync(time.GetUtcNow() - idle - FlushPeriod) == SessionStore.IdleBatch)
            cancellation.ThrowIfCancellationRequested();
    }

    private sealed class Use
    {
        private long _at;

        public long Told { get; set; }

        public long At
        {
            get => Volatile.Read(ref _at);
            set => Volatile.Write(ref _at, value);
        }
    }
}
