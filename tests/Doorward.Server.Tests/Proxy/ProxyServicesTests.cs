using Doorward.Server.Proxy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Doorward.Server.Tests.Proxy;

public sealed class ProxyServicesTests
{
    [Fact]
    public void A_start_makes_no_keys_for_what_nobody_uses()
    {
        var services = new ServiceCollection().AddForwarding();
        Assert.Contains(services, service => service.ServiceType == typeof(Forwarding));
        Assert.DoesNotContain(services, service =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationType?.FullName?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true);
    }
}
