using Doorward.Server.Proxy.Targets;
using Doorward.Server.Routes;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Changes the path before forwarding. The result passes the same check as a request's target: a rewrite opens no way around.</summary>
internal static class TargetRewrite
{
    public static Defect Apply(Route route, PathRewrite? rewrite, RequestTarget target, out RequestTarget rewritten)
    {
        rewritten = target;
        if (rewrite is { Pattern: { } pattern, Substitution: { } substitution })
            return target.WithPath(pattern.Replace(target.PathText, substitution), out rewritten);
        return rewrite?.Prefix is { } prefix
            ? target.WithPath(ReplacePrefix(target.Path, route.Match.Prefix ?? route.Match.Path ?? "", prefix), out rewritten)
            : Defect.None;
    }

    /// <summary>With exactly one slash where the two parts meet.</summary>
    public static string ReplacePrefix(ReadOnlySpan<char> path, string prefix, string replacement)
    {
        var rest = path.StartsWith(prefix) ? path[prefix.Length..].TrimStart('/') : path.TrimStart('/');
        var head = replacement.AsSpan().TrimEnd('/');
        var endsInSlash = rest.IsEmpty && !replacement.EndsWith('/') && !path.EndsWith("/") && head.Length > 0;
        return endsInSlash ? head.ToString() : string.Concat(head, "/", rest);
    }
}
