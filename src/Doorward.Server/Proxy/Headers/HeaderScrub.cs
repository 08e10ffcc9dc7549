using System.Collections.Frozen;
using Doorward.Server.Routes;

namespace Doorward.Server.Proxy.Headers;

/// <summary>What becomes of a client's request header on its way to the upstream.</summary>
internal enum HeaderFate : byte
{
    Keep,

    /// <summary>Never leaves Doorward: it claims an identity, an address or a path that only Doorward may claim, or belongs to one connection.</summary>
    Drop,

    /// <summary>Loses our cookies.</summary>
    Cookie,

    /// <summary>Forwarded only where Doorward did not use it.</summary>
    Authorization,

    /// <summary>Written anew from what Doorward saw, where the client sent it.</summary>
    Forwarded,
    RealIp,
    ForwardedPort,

    /// <summary>Kept only as <c>trailers</c>.</summary>
    Te,

    /// <summary>Set by its own rule.</summary>
    Host,
}

/// <summary>
/// Decides which of the client's headers go on, by folded name (<see cref="FoldedName"/>). Made from all routes: a header that any route sets is
/// removed from the client's request on every route, so that no upstream can be told on one route what it believes on another.
/// </summary>
internal sealed class HeaderScrub
{
    // Folded. Impersonate-*: Kubernetes. X-Remote-*: its request-header authentication, and many apps'. X-Envoy-*: names paths and trust.
    private static readonly string[] Prefixes =
        [Product.HeaderPrefix.ToLowerInvariant(), "x-pomerium-", "impersonate-", "x-remote-", "x-forwarded", "x-envoy-"];

    private static readonly string[] Dropped =
    [
        // A path that the upstream would take instead of the one that was judged.
        "x-original-url", "x-rewrite-url", "x-original-uri", "x-original-host", "x-original-method",
        // An address that only the last proxy may name.
        "x-client-ip", "x-cluster-client-ip", "x-originating-ip", "true-client-ip", "cf-connecting-ip", "client-ip", "x-host",
        // CGI would read these as its own variables (REMOTE_USER; HTTP_PROXY, known as httpoxy).
        "remote-user", "remote-groups", "remote-name", "remote-email", "proxy",
        // Hop by hop (RFC 9110, 7.6.1): of the client's connection, not of ours.
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "trailer", "upgrade", "http2-settings",
        "proxy-authorization", "proxy-authenticate", "x-content-length",
    ];

    private readonly FrozenDictionary<string, HeaderFate> _fates;

    public HeaderScrub(IEnumerable<Route> routes)
    {
        var fates = new Dictionary<string, HeaderFate>(FoldedName.Comparer)
        {
            ["cookie"] = HeaderFate.Cookie,
            ["authorization"] = HeaderFate.Authorization,
        };
        foreach (var route in routes)
        {
            Drop(fates, route.Identity.IdentityHeaders);
            Drop(fates, route.Identity.JwtClaimsHeaders);
            Drop(fates, route.Headers.SetRequest);
        }

        foreach (var name in Dropped)
            fates[name] = HeaderFate.Drop;
        fates["forwarded"] = HeaderFate.Forwarded;
        fates["x-real-ip"] = HeaderFate.RealIp;
        fates["x-forwarded-port"] = HeaderFate.ForwardedPort;
        fates["te"] = HeaderFate.Te;
        fates["host"] = HeaderFate.Host;
        _fates = fates.ToFrozenDictionary(FoldedName.Comparer);
    }

    public HeaderFate FateOf(string name)
    {
        if (_fates.TryGetValue(name, out var fate))
            return fate;
        // All prefixes begin with x or i.
        if (name.Length > 0 && (name[0] | 0x20) is 'x' or 'i')
        {
            foreach (var prefix in Prefixes)
            {
                if (FoldedName.StartsWith(name, prefix))
                    return HeaderFate.Drop;
            }
        }

        return HeaderFate.Keep;
    }

    private static void Drop<T>(Dictionary<string, HeaderFate> fates, FrozenDictionary<string, T> headers)
    {
        foreach (var (name, _) in headers)
            fates[name] = HeaderFate.Drop;
    }
}
