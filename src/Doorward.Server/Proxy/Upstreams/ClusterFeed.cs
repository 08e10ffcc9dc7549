using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Hands clusters to YARP, and hears when it has taken them.</summary>
internal sealed class ClusterFeed : IProxyConfigProvider, IConfigChangeListener, IDisposable
{
    private volatile Offered _offered = new([]);

    public IProxyConfig GetConfig() => _offered;

    /// <summary>Completes when the clusters are in use, or fails with YARP's reason.</summary>
    public Task Offer(IReadOnlyList<ClusterConfig> clusters)
    {
        var before = _offered;
        var next = new Offered(clusters);
        _offered = next;
        before.Dispose();
        return next.Applied.Task;
    }

    public void Dispose() => _offered.Dispose();

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => _offered.Applied.TrySetException(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        foreach (var offered in proxyConfigs.OfType<Offered>())
            offered.Applied.TrySetException(exception);
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        foreach (var offered in proxyConfigs.OfType<Offered>())
            offered.Applied.TrySetResult();
    }

    private sealed class Offered : IProxyConfig, IDisposable
    {
        private readonly CancellationTokenSource _replaced = new();

        public Offered(IReadOnlyList<ClusterConfig> clusters)
        {
            Clusters = clusters;
            ChangeToken = new CancellationChangeToken(_replaced.Token);
        }

        public TaskCompletionSource Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken { get; }

        /// <summary>Tells YARP to come for the next.</summary>
        public void Dispose()
        {
            _replaced.Cancel();
            _replaced.Dispose();
        }
    }
}
