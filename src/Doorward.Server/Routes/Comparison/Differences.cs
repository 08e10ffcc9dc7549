using Doorward.Policy;

namespace Doorward.Server.Routes.Comparison;

/// <summary>What a configuration would change.</summary>
internal static class Differences
{
    /// <summary>A policy may touch thousands of routes.</summary>
    private const int NamedRoutes = 10;

    /// <summary>Everything that differs: the server's keys, then policies, guardrails and providers, then routes, each by name.</summary>
    public static IReadOnlyList<Change> Between(ConfigurationSummary inForce, ConfigurationSummary written) =>
    [
        .. Of("setting", inForce.Settings, written.Settings, _ => []),
        .. Of("policy", inForce.Policies, written.Policies, name => UsedBy(name, inForce, written)),
        .. Of("guardrail", inForce.Guardrails, written.Guardrails, name => UsedBy(name, inForce, written)),
        .. Of("identity provider", inForce.IdentityProviders, written.IdentityProviders, _ => []),
        .. Routes(inForce.Routes, written.Routes),
    ];

    private static IEnumerable<Change> Of(string noun, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, Func<string, IReadOnlyList<string>> details) =>
        from name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
        let kind = KindOf(before.ContainsKey(name), after.ContainsKey(name))
        where kind != ChangeKind.Changed || before[name] != after[name]
        select new Change(kind, noun, name, details(name));

    private static IEnumerable<Change> Routes(IReadOnlyDictionary<string, RouteSummary> before, IReadOnlyDictionary<string, RouteSummary> after)
    {
        foreach (var name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (old, next) = (before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            // A file says nothing about what others keep.
            if (next is null && old!.Source != ObjectSource.File) continue;
            if (old is null || next is null) yield return new(KindOf(old is not null, next is not null), "route", name, [(next ?? old)!.Match]);
            else if (Details(old, next) is { Count: > 0 } details) yield return new(ChangeKind.Changed, "route", name, details);
        }
    }

    private static List<string> Details(RouteSummary old, RouteSummary next)
    {
        var details = Of("", old.Keys, next.Keys, _ => []).Select(change => change.Name).ToList();
        if (old.Policy != next.Policy && details.Count == 0) details.Add("who may pass, through what it names or what guards it");
        if (old.Denies) details.Add("denies now, because what is in force has errors");
        return details;
    }

    private static IReadOnlyList<string> UsedBy(string name, ConfigurationSummary inForce, ConfigurationSummary written)
    {
        var routes = inForce.Routes.Concat(written.Routes).Where(route => route.Value.Origins.Contains(name)).Select(route => route.Key).Distinct().Order(StringComparer.Ordinal).ToList();
        if (routes.Count == 0) return ["no route is touched"];
        var named = $"{Wording.Count(routes.Count, "route")}: {string.Join(" ", routes.Take(NamedRoutes))}";
        return [routes.Count > NamedRoutes ? named + " ..." : named];
    }

    private static ChangeKind KindOf(bool before, bool after) => before && after ? ChangeKind.Changed : after ? ChangeKind.Added : ChangeKind.Removed;
}
