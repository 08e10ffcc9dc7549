using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>A real server behind the door, where a test needs more than bytes.</summary>
internal sealed class KestrelUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelUpstream(WebApplication app) => _app = app;

    public int Port { get; private set; }

    public static Task<KestrelUpstream> StartAsync(RequestDelegate serve, HttpProtocols protocols = HttpProtocols.Http1, HttpsConnectionAdapterOptions? https = null) =>
        StartAsync(app => app.Run(serve), _ => { }, protocols, https);

    public static async Task<KestrelUpstream> StartAsync(
        Action<WebApplication> configure, Action<IServiceCollection> services, HttpProtocols protocols, HttpsConnectionAdapterOptions? https = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        services(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (https is not null)
                listen.UseHttps(https);
        }));
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return new KestrelUpstream(app) { Port = address.Port };
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
