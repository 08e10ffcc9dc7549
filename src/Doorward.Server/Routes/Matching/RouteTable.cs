namespace Doorward.Server.Routes.Matching;

/// <summary>
/// Finds the route for a request: host (exact, then one-label wildcard, then the longest suffix), then path. Immutable, replaced
/// whole; a look-up allocates nothing and costs the same with ten routes as with a hundred thousand. The most specific host owns
/// all its paths: a path that it does not know is not looked for under a broader host, whose policy was not written for it.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, HostTable> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HostTable> _oneLabel = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HostTable> _suffix = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HostTable> _any = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Builds the table.</summary>
    /// <param name="routes">In the order of the file: of two that match the same, the first counts, and regular expressions are tried in it.</param>
    public RouteTable(IEnumerable<Route> routes)
    {
        foreach (var route in routes)
        {
            var hosts = TableOf(route.Match.Host.Kind);
            if (!hosts.TryGetValue(route.Match.Host.Name, out var host)) hosts[route.Match.Host.Name] = host = new();
            host.Add(route);
        }
    }

    public static RouteTable Empty { get; } = new([]);

    /// <summary>Finds the route.</summary>
    /// <param name="host">The request's host without port and without trailing dot; in any case.</param>
    /// <param name="port">The port that the request names, or the scheme's.</param>
    /// <param name="path">The request's path in its normal form.</param>
    /// <returns>The route; null where there is none.</returns>
    public Route? Find(ReadOnlySpan<char> host, int port, ReadOnlySpan<char> path) => HostOf(host)?.Find(port, path);

    /// <summary>Whether any route stands on the host.</summary>
    /// <param name="host">As in <see cref="Find"/>.</param>
    public bool Knows(ReadOnlySpan<char> host) => HostOf(host) is not null;

    private HostTable? HostOf(ReadOnlySpan<char> host)
    {
        if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var found)) return found;
        var dot = host.IndexOf('.');
        if (dot > 0)
        {
            var parent = host[(dot + 1)..];
            if (_oneLabel.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(parent, out found)) return found;
            if (_suffix.Count > 0 && SuffixOf(parent) is { } suffix) return suffix;
        }

        return _any.Count > 0 ? _any[""] : null;
    }

    private HostTable? SuffixOf(ReadOnlySpan<char> domain)
    {
        var suffixes = _suffix.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!suffixes.TryGetValue(domain, out _))
        {
            var dot = domain.IndexOf('.');
            if (dot < 0) return null;
            domain = domain[(dot + 1)..];
        }

        return suffixes[domain];
    }

    private Dictionary<string, HostTable> TableOf(HostPatternKind kind) => kind switch
    {
        HostPatternKind.Exact => _exact,
        HostPatternKind.OneLabel => _oneLabel,
        HostPatternKind.Suffix => _suffix,
        _ => _any,
    };
}
