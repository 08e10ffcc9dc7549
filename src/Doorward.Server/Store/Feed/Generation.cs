namespace Doorward.Server.Store.Feed;

/// <summary>
/// One counter for everything that decisions read. Raised after a table or the route snapshot was replaced and before live
/// connections are reviewed: a change that lands between reading facts and entering a connection is seen by one side or the other.
/// </summary>
internal sealed class Generation
{
    private long _current;

    public long Current => Volatile.Read(ref _current);

    public void Raise() => Interlocked.Increment(ref _current);
}
