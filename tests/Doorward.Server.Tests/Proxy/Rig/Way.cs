using System.Text.RegularExpressions;
using Doorward.Policy;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>Makes routes as the configuration would.</summary>
internal static class Way
{
    private static long _version;

    public static Route To(string host, string? prefix, params IReadOnlyList<string> destinations) =>
        To(host, prefix, new Upstream { Destinations = [.. destinations.Select(DestinationOf)] });

    public static Route To(string host, string? prefix, Upstream upstream) => Of(host, prefix, new ForwardAction(upstream));

    public static Route Of(string host, string? prefix, RouteAction action) => new()
    {
        Name = host + prefix,
        Place = default,
        Match = new RouteMatch(HostPattern.Parse(host)!.Value, Prefix: prefix is "/" ? null : prefix),
        Action = action,
        Policy = EffectivePolicy.DenyAll,
        Guarded = false,
        Version = Interlocked.Increment(ref _version),
    };

    public static Upstream UpstreamTo(params IReadOnlyList<string> destinations) => new() { Destinations = [.. destinations.Select(DestinationOf)] };

    /// <summary>A policy as it would be written.</summary>
    public static EffectivePolicy Policy(string yaml)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse("test", DocumentText.Read(yaml, "test.yaml", problems)!, TimeZones.Find, problems);
        Assert.Empty(problems);
        return EffectivePolicy.Compile([parsed!], []);
    }

    public static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking);

    public static HeaderTemplate Template(string text) => HeaderTemplate.Parse(text, out _)!;

    private static Destination DestinationOf(string written)
    {
        var parts = written.Split(',');
        return new Destination(new Uri(parts[0]), parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1);
    }
}
