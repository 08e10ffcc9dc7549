using Doorward.Policy.Syntax;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Proxy;

/// <summary>Finds a request's route, and refuses a path that an upstream could read as another route's.</summary>
internal static class RouteFinder
{
    /// <summary>Null where there is none, or the request has a defect.</summary>
    public static Route? Find(this RouteTable table, RequestHead head, out Defect defect)
    {
        defect = Defect.None;
        var target = head.Target;
        var route = table.Find(head.Host.Name, head.Host.Port, target.Path);
        if (route is null)
            return null;
        if (target.HasEncodedSlash && !route.KeepEncodedSlashes)
            defect = Defect.EncodedSlash;
        else if (target.LenientPath is { } lenient && (LeadsElsewhere(table, head, lenient, route) || IsJudgedOtherwise(route, target)))
            defect = Defect.AmbiguousPath;
        return defect == Defect.None ? route : null;
    }

    private static bool LeadsElsewhere(RouteTable table, RequestHead head, string lenient, Route route) =>
        !ReferenceEquals(table.Find(head.Host.Name, head.Host.Port, lenient), route);

    /// <summary>
    /// A rule about the path judges one reading of it, and the upstream may serve the other. Where the route keeps %2F, its operator has said
    /// that there it is no border, so that alone is no second reading.
    /// </summary>
    private static bool IsJudgedOtherwise(Route route, RequestTarget target) =>
        route.Policy.Criteria.Any(criterion => criterion is HttpPathCriterion)
        && target.LenientPath != target.PathText.Replace("%2F", "/", StringComparison.Ordinal);
}
