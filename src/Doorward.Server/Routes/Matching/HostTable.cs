namespace Doorward.Server.Routes.Matching;

/// <summary>The routes of one host: those that name the request's port first, then those for any port.</summary>
internal sealed class HostTable
{
    private Dictionary<int, PathTable>? _byPort;
    private PathTable? _anyPort;

    public void Add(Route route)
    {
        if (route.Match.Port is not { } port)
        {
            (_anyPort ??= new()).Add(route);
            return;
        }

        _byPort ??= [];
        if (!_byPort.TryGetValue(port, out var paths)) _byPort[port] = paths = new();
        paths.Add(route);
    }

    public Route? Find(int port, ReadOnlySpan<char> path) =>
        (_byPort is not null && _byPort.TryGetValue(port, out var paths) ? paths.Find(path) : null) ?? _anyPort?.Find(path);
}
