using System.Collections.Frozen;

namespace Doorward.Server.Routes;

/// <summary>Header names as sloppy servers read them: case, and <c>-</c>, <c>_</c> and <c>.</c>, make no difference (CGI turns them all into one).</summary>
internal static class FoldedHeaders
{
    public static string Fold(string name) => name.ToLowerInvariant().Replace('_', '-').Replace('.', '-');

    /// <summary>Every name that any of the routes sets on requests.</summary>
    public static FrozenSet<string> SetBy(IEnumerable<Route> routes) =>
        routes.SelectMany(route => route.Headers.SetRequest.Keys.Concat(route.Identity.IdentityHeaders.Keys).Concat(route.Identity.JwtClaimsHeaders.Keys))
            .Select(Fold).ToFrozenSet();
}
