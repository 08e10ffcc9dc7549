using Doorward.Server.Console.Administration;
using Doorward.Server.Proxy;
using Doorward.Server.Routes.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server;

/// <summary>The listeners beside the main ones: the redirect to https, health, metrics, and the administration's Unix socket.</summary>
internal static class SideListeners
{
    public static async Task StartAsync(ConfigurationOptions settings, IServiceProvider services, Stack<IAsyncDisposable> undo, CancellationToken cancellation)
    {
        var listeners = settings.Listeners;
        if (listeners.HttpRedirect is { } redirect)
        {
            undo.Push(await SideListener.StartAsync(
                kestrel =>
                {
                    kestrel.Harden(settings.Limits);
                    kestrel.ListenHttp(redirect.EndPoint);
                },
                context => RedirectAsync(context, settings.Url!.Port),
                cancellation));
        }
        if (listeners.Health is { } health)
        {
            var answers = new Health(services.GetRequiredService<HealthParts>());
            undo.Push(await SideListener.StartAsync(kestrel => kestrel.Listen(health.EndPoint), answers.AnswerAsync, cancellation));
            answers.Started();
        }
        if (listeners.Metrics is { } metrics)
            undo.Push(await SideListener.StartAsync(kestrel => kestrel.Listen(metrics.EndPoint), Scrape(services), cancellation));
    }

    private static Task RedirectAsync(HttpContext context, int port)
    {
        var defect = RequestHead.Read(context, out var head);
        return defect == Defect.None ? Redirects.ToHttpsAsync(context, head, port) : Defects.RejectAsync(context, defect);
    }

    private static RequestDelegate Scrape(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseOpenTelemetryPrometheusScrapingEndpoint();
        return branch.Build();
    }

    public static RequestDelegate Administration(IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(services.GetRequiredService<AdministrationApi>().MapLocal);
        return branch.Build();
    }
}
