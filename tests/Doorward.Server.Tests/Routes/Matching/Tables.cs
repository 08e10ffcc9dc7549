using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Tests.Routes.Matching;

/// <summary>Routes that only match, and a scan over them that nobody could get wrong.</summary>
internal static class Tables
{
    public static Route Route(string name, RouteMatch match) => new()
    {
        Name = name,
        Place = default,
        Match = match,
        Action = new ResponseAction(200, name),
        Policy = EffectivePolicy.DenyAll,
        Guarded = true,
        Version = 1,
    };

    public static HostPattern Host(string written, HostPatternKind wildcard = HostPatternKind.OneLabel) => HostPattern.Parse(written, wildcard)!.Value;

    private static readonly ConcurrentDictionary<string, Regex> Expressions = new();

    public static Regex Whole(string pattern) => Expressions.GetOrAdd(pattern, static pattern => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking));

    /// <summary>Every route is asked; of those that match, the most specific wins, and of equals the first.</summary>
    public static Route? Scan(IReadOnlyList<Route> routes, string host, int port, string path)
    {
        var hosts = routes.Where(route => HostRank(route.Match.Host, host) < int.MaxValue).ToList();
        if (hosts.Count == 0) return null;
        var best = hosts.Min(route => HostRank(route.Match.Host, host));
        return hosts.Where(route => HostRank(route.Match.Host, host) == best)
            .Where(route => (route.Match.Port is null || route.Match.Port == port) && Matches(route.Match, path))
            .OrderBy(route => route.Match.Port is null)
            .ThenBy(route => PathRank(route.Match))
            .FirstOrDefault();
    }

    private static int HostRank(HostPattern pattern, string host) => pattern.Kind switch
    {
        HostPatternKind.Exact => pattern.Name == host ? 0 : int.MaxValue,
        HostPatternKind.OneLabel => host.Split('.', 2) is [_, var parent] && parent == pattern.Name ? 1 : int.MaxValue,
        HostPatternKind.Suffix => host.EndsWith("." + pattern.Name, StringComparison.Ordinal) ? 1000 - pattern.Name.Length : int.MaxValue,
        _ => 2000,
    };

    private static bool Matches(RouteMatch match, string path) =>
        match.Path is not null ? path == match.Path
        : match.Regex is not null ? match.Regex.IsMatch(path)
        : string.IsNullOrEmpty(match.Prefix) || path == match.Prefix || path.StartsWith(match.Prefix + "/", StringComparison.Ordinal);

    private static int PathRank(RouteMatch match) =>
        match.Path is not null ? 0 : match.Regex is not null ? 10_000 : string.IsNullOrEmpty(match.Prefix) ? 20_000 : 1000 - match.Prefix.Length;
}
