using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Hands clusters to YARP, and hears when it has taken them.</summary>
internal sealed class ClusterFeed : IProxyConfigProvider, IConfigChangeListener
{
    private volatile Offered _offered = new([]);

    public IProxyConfig GetConfig() => _offered;

    /// <summary>Completes when the clusters are in use, or fails with YARP's reason.</summary>
    public Task Offer(IReadOnlyList<ClusterConfig> clusters)
    {
        var before = _offered;
        var next = new Offered(clusters);
        _offered = next;
        before.Replace();
        return next.Applied.Task;
    }

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

    private sealed class Offered(IReadOnlyList<ClusterConfig> clusters) : IProxyConfig
    {
        private readonly ConfigurationReloadToken _replaced = new();

        public TaskCompletionSource Applied { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters { get; } = clusters;

        public IChangeToken ChangeToken => _replaced;

        /// <summary>Tells YARP to come for the next.</summary>
        public void Replace() => _replaced.OnReload();
    }
}
