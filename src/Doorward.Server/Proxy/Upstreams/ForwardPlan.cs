using System.Collections.Frozen;
using System.Net;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Routes;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>What forwarding needs of a route, worked out once, on its first request.</summary>
internal sealed class ForwardPlan
{
    public ForwardPlan(Route route, Upstream upstream, UpstreamPool pool)
    {
        Route = route;
        Upstream = upstream;
        Pool = pool;
        Removed = route.Headers.RemoveRequest.ToFrozenSet(FoldedName.Comparer);
        SetRequest = [.. route.Headers.SetRequest];
        SetResponse = [.. route.Headers.SetResponse];
        var idle = upstream.IdleTimeout ?? Timeout.InfiniteTimeSpan;
        var http2 = upstream.Destinations.Any(destination => destination.PriorKnowledgeHttp2);
        Config = new ForwarderRequestConfig
        {
            ActivityTimeout = idle,
            Version = http2 || IsHttps(upstream) ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower,
        };
        // A WebSocket over HTTP/2 needs RFC 8441, which few servers behind TLS offer; HTTP/1.1 is what all of them speak.
        UpgradeConfig = http2 ? Config : Config with { Version = HttpVersion.Version11 };
    }

    public Route Route { get; }

    public Upstream Upstream { get; }

    public UpstreamPool Pool { get; }

    public ForwarderRequestConfig Config { get; }

    public ForwarderRequestConfig UpgradeConfig { get; }

    public FrozenSet<string> Removed { get; }

    public KeyValuePair<string, HeaderTemplate>[] SetRequest { get; }

    public KeyValuePair<string, HeaderTemplate>[] SetResponse { get; }

    private static bool IsHttps(Upstream upstream) =>
        upstream.Destinations.Any(destination => destination.Address.Scheme == Uri.UriSchemeHttps);
}
