using Doorward.Server.Identity;
using Doorward.Server.Routes;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Access;

/// <summary>
/// Everything that passes right now, plain requests too: a download may last an hour. Spread over shards by session (by route
/// where there is none), so that entering is one short lock and a change of a session finds its connections in one shard.
/// </summary>
internal sealed class LiveConnections(Freshness freshness, TimeProvider time)
{
    // 50,000 connections leave about 50 in a shard: a scan of one is shorter than a page fault.
    private const int Shards = 1024;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    public int Count => _shards.Sum(shard => Volatile.Read(ref shard.Count));

    internal TimeProvider Time => time;

    internal Farewells Farewells { get; } = new();

    internal Endings Endings { get; } = new();

    public Connection Enter(string id, Route route, Session? session, string? deviceShown = null)
    {
        var index = ShardOf(session?.Id ?? route.Name);
        var connection = new Connection(this, index, id, route, session) { DeviceShown = deviceShown };
        var shard = _shards[index];
        lock (shard.Lock)
        {
            connection.Next = shard.First;
            if (shard.First is { } first) first.Previous = connection;
            shard.First = connection;
            shard.Count++;
        }
        return connection;
    }

    /// <summary>The connections of a session, as they are at this moment.</summary>
    public IReadOnlyList<Connection> OfSession(string sessionId) =>
        Matching(_shards[ShardOf(sessionId)], connection => connection.Session?.Id == sessionId);

    /// <summary>The connections that match, shard by shard, so that no lock is held for long.</summary>
    public IEnumerable<Connection> Where(Func<Connection, bool> matches) => _shards.SelectMany(shard => Matching(shard, matches));

    /// <summary>Whether what is known is too old for a connection to go on. Read from the clock, so that a process that slept knows it before its first byte.</summary>
    internal bool IsTooOld(Connection connection) => connection.ReadsStore && freshness.Age > connection.Route.Staleness.Limit;

    /// <summary>
    /// Holds the streams that have grown too old, before facts count as fresh again: nobody has judged them yet by what has changed since, and a process that
    /// slept may read its upstreams' bytes before it does.
    /// </summary>
    public void HoldStreams()
    {
        if (freshness.Age < Freshness.LeastLimit) return;
        var since = time.GetTimestamp();
        foreach (var connection in Where(connection => connection.Asks && IsTooOld(connection))) connection.Hold("stale facts", since);
    }

    internal void Leave(Connection connection)
    {
        var shard = _shards[connection.Shard];
        lock (shard.Lock)
        {
            if (connection.Previous is { } previous) previous.Next = connection.Next;
            else shard.First = connection.Next;
            if (connection.Next is { } next) next.Previous = connection.Previous;
            connection.Next = connection.Previous = null;
            shard.Count--;
        }
    }

    private static List<Connection> Matching(Shard shard, Func<Connection, bool> matches)
    {
        List<Connection> found = [];
        lock (shard.Lock)
            for (var connection = shard.First; connection is not null; connection = connection.Next)
                if (matches(connection)) found.Add(connection);
        return found;
    }

    private static int ShardOf(string key) => string.GetHashCode(key, StringComparison.Ordinal) & (Shards - 1);

    private sealed class Shard
    {
        public readonly Lock Lock = new();
        public Connection? First;
        public int Count;
    }
}
