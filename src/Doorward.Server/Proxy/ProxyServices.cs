using Doorward.Server.Proxy.Upstreams;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy;

internal static class ProxyServices
{
    /// <summary>Registers <see cref="Forwarding"/> and what it stands on.</summary>
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddSingleton(new UpstreamClients());
        services.AddSingleton<IForwarderHttpClientFactory>(provider => provider.GetRequiredService<UpstreamClients>());
        services.AddSingleton<ClusterFeed>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<ClusterFeed>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<ClusterFeed>());
        services.AddSingleton<UpstreamHealth>();
        services.AddSingleton<Forwarding>();
        services.AddReverseProxy();
        // YARP registers ASP.NET's authorization, whose middleware would then be put before ours. Who may pass is judged in one place.
        services.RemoveAll<IAuthorizationHandlerProvider>();
        return services;
    }
}
