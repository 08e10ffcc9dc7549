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
        else if (target.LenientPath is { } lenient && table.Find(head.Host.Name, head.Host.Port, lenient) != (object)route)
            defect = Defect.AmbiguousPath;
        return defect == Defect.None ? route : null;
    }
}
