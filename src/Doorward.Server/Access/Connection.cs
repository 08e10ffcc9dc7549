using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Routes;

namespace Doorward.Server.Access;

/// <summary>
/// One request until its last byte, a moment or a working day. It is entered before it is judged, so that a change which lands
/// in between is seen by one side or the other. Leaving is its own undo: <c>using var connection = live.Enter(...)</c>.
/// </summary>
internal sealed class Connection(LiveConnections live, int shard, string id, Route route, Session? session) : IDisposable
{
    // An intrusive list: entering allocates nothing but the entry itself. Guarded by the shard's lock.
    internal Connection? Next;
    internal Connection? Previous;

    private bool _left;

    internal int Shard { get; } = shard;

    /// <summary>The request's id, which joins page, log, audit and trace.</summary>
    public string Id { get; } = id;

    public Route Route { get; } = route;

    public Session? Session { get; } = session;

    /// <summary>How long the answer holds, and what it read; set once it was judged.</summary>
    public Decision Lease { get; set; }

    /// <summary>
    /// Ends the stream in its own protocol; null while nothing is forwarded. A delegate, so that this room needs to know
    /// nothing of the way a stream is cut.
    /// </summary>
    public Action<string>? Cut { get; set; }

    public void Dispose()
    {
        if (_left) return;
        _left = true;
        live.Leave(this);
    }
}
