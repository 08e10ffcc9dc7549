using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// Watches the upstreams whose routes ask for it, by YARP's clusters, which here have no route: YARP probes, Doorward matches. A pool
/// that nobody watches needs no cluster, so thousands of routes cost nothing.
/// </summary>
internal sealed class UpstreamHealth(
    ClusterFeed feed, UpstreamClients clients, IProxyStateLookup clusters, IDestinationHealthUpdater health, IServiceProvider services)
{
    private bool _loaded;

    /// <summary>Makes YARP watch these pools and no others; returns when it does.</summary>
    public async Task WatchAsync(IReadOnlyCollection<UpstreamPool> pools)
    {
        if (pools.Count == 0 && !_loaded)
            return;
        var byId = pools.ToDictionary(pool => pool.Id);
        clients.OfCluster = id => byId[id].Client;
        var applied = feed.Offer([.. pools.Select(ClusterOf)]);
        if (!_loaded)
        {
            new Endpoints(services).MapReverseProxy();
            _loaded = true;
        }

        await applied;
        foreach (var pool in pools)
            pool.Watched = clusters.TryGetCluster(pool.Id, out var cluster) ? cluster : null;
    }

    /// <summary>Counts failures in a row, and leaves the destination out for a while after too many.</summary>
    public void Report(UpstreamPool pool, Candidate candidate, bool failed)
    {
        if (pool is not { Upstream.HealthChecks.Passive: { } passive, Watched: { } cluster } || candidate.Count(failed) < passive.FailuresInARow)
            return;
        candidate.Count(failed: false);
        if (cluster.Destinations.TryGetValue(candidate.Id, out var destination))
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, passive.EjectFor);
    }

    private static ClusterConfig ClusterOf(UpstreamPool pool)
    {
        var active = pool.Upstream.HealthChecks?.Active;
        var http2 = pool.Candidates.Any(candidate => candidate.Destination.PriorKnowledgeHttp2);
        return new ClusterConfig
        {
            ClusterId = pool.Id,
            Destinations = pool.Candidates.ToDictionary(candidate => candidate.Id, candidate => new DestinationConfig { Address = candidate.Prefix }),
            HttpRequest = http2 ? new ForwarderRequestConfig { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact } : null,
            Metadata = active is null
                ? null
                : new Dictionary<string, string>
                {
                    [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = active.UnhealthyAfter.ToString(CultureInfo.InvariantCulture),
                },
            HealthCheck = new HealthCheckConfig
            {
                Active = active is null
                    ? null
                    : new ActiveHealthCheckConfig
                    {
                        Enabled = true,
                        Path = active.Path,
                        Interval = active.Interval,
                        Timeout = active.Timeout,
                        Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                    },
                // Only so that YARP counts what Report tells it; its own policy is never asked.
                Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate },
            },
        };
    }

    /// <summary>YARP loads its clusters where its endpoints are mapped; there are none, so this builder leads nowhere.</summary>
    private sealed class Endpoints(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
