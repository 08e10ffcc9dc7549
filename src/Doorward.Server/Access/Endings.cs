namespace Doorward.Server.Access;

/// <summary>
/// Why connections were cut, from then until they leave. In a table of its own, not in the connections: these have lain all over the heap
/// for a long time, and after ten thousand of them were given something new to hold the garbage collector would stop everybody for as long as
/// it takes to visit each of them (90 ms, measured). The rows of a table lie side by side.
/// </summary>
internal sealed class Endings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Connection, Ending> _endings = [];

    public void Add(Connection connection, Ending ending)
    {
        lock (_lock) _endings.Add(connection, ending);
    }

    public Ending? Find(Connection connection)
    {
        lock (_lock) return _endings.GetValueOrDefault(connection);
    }

    public void Remove(Connection connection)
    {
        lock (_lock) _endings.Remove(connection);
    }
}
