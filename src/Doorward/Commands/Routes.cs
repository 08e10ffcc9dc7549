using Doorward.Policy;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Loading;

namespace Doorward.Commands;

/// <summary>The route that a command names, in a configuration that it names.</summary>
internal static class Routes
{
    public static Route? Find(string configuration, string? name, ICollection<Problem> problems)
    {
        var (loaded, found) = ConfigurationLoader.Load(configuration);
        foreach (var problem in found) problems.Add(problem);
        if (loaded is null) return null;
        if (name is not null && loaded.RouteNamed(name) is { } route) return route;

        var names = loaded.Routes.Select(one => one.Name).Take(20).ToList();
        problems.Add(new("DW7002", Severity.Error,
            name is null ? "No route is named." : $"There is no route «{name}».",
            names.Count == 0 ? "The configuration has no routes." : $"Write --route with one of: {string.Join(", ", names)}.",
            new("command line", 0, 0)));
        return null;
    }
}
