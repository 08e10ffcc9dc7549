namespace Doorward.Server.Routes.Matching;

/// <summary>
/// The routes of one host and port by path: exact, then the longest prefix by whole elements, then regular expressions in file
/// order, then the route for everything. A prefix of <c>/</c> is everything, so that expressions are tried before it.
/// </summary>
/// <remarks>A look-up walks the path once, however many slashes a client sends.</remarks>
internal sealed class PathTable
{
    private Dictionary<string, Route>? _exact;
    private Element? _prefixes;
    private List<Route>? _expressions;
    private Route? _everything;

    // Conditions on method, headers and query, when routes get them, make each place a list that is tried in turn.
    public void Add(Route route)
    {
        var match = route.Match;
        if (match.Path is not null) (_exact ??= []).TryAdd(match.Path, route);
        else if (match.Regex is not null) (_expressions ??= []).Add(route);
        else if (match.Prefix is null or "" or "/") _everything ??= route;
        else (_prefixes ??= new()).Add(match.Prefix.AsSpan(1), route);
    }

    public Route? Find(ReadOnlySpan<char> path)
    {
        if (_exact is not null && _exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(path, out var exact)) return exact;
        return _prefixes?.Find(path) ?? MatchExpressions(path) ?? _everything;
    }

    private Route? MatchExpressions(ReadOnlySpan<char> path)
    {
        if (_expressions is null) return null;
        foreach (var route in _expressions)
            if (route.Match.Regex!.IsMatch(path)) return route;
        return null;
    }

    /// <summary>One path element in the tree of prefixes.</summary>
    private sealed class Element
    {
        private Dictionary<string, Element>? _next;
        private Route? _route;

        public void Add(ReadOnlySpan<char> rest, Route route)
        {
            var slash = rest.IndexOf('/');
            var name = (slash < 0 ? rest : rest[..slash]).ToString();
            _next ??= [];
            if (!_next.TryGetValue(name, out var next)) _next[name] = next = new();
            if (slash < 0) next._route ??= route;
            else next.Add(rest[(slash + 1)..], route);
        }

        public Route? Find(ReadOnlySpan<char> path)
        {
            Route? longest = null;
            var at = this;
            while (path is ['/', .. var rest])
            {
                var slash = rest.IndexOf('/');
                var name = slash < 0 ? rest : rest[..slash];
                if (at._next is null || !at._next.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var next)) break;
                longest = next._route ?? longest;
                at = next;
                path = rest[name.Length..];
            }

            return longest;
        }
    }
}
