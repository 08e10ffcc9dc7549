using Doorward.Server.Proxy.Upstreams;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy;

internal static class ProxyServices
{
    private const string DataProtection = "Microsoft.AspNetCore.DataProtection.Internal";

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
        // It also brings keys for session affinity, which we do not use: at each start they would be made or read, bare, in the user's home folder.
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Namespace == DataProtection).ToList())
            services.Remove(service);
        return services;
    }
}
