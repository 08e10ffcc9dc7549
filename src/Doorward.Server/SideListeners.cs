using Doorward.Server.Access;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Proxy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store.Feed;
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
            var answers = HealthOf(services);
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

    private static Health HealthOf(IServiceProvider services)
    {
        var freshness = services.GetRequiredService<Freshness>();
        var review = services.GetRequiredService<Review>();
        var (trail, drains, checkpoints) = (services.GetRequiredService<AuditTrail>(), services.GetRequiredService<Drains>(), services.GetRequiredService<CheckpointMaker>());
        return new Health(
        [
            () => new("store", freshness.IsStale ? HealthState.Down : review.IsAlarmed ? HealthState.Degraded : HealthState.Ok, freshness.Age == TimeSpan.MaxValue ? "not reached yet" : $"heard from {freshness.Age.TotalSeconds:F1} s ago"),
            services.GetRequiredService<ConfigurationReload>().Health,
            () => Auditing.HealthOf(trail, drains, checkpoints),
            () => HealthOf(services.GetRequiredService<InForce>().Transmitters, services.GetRequiredService<SignalHealth>()),
        ]);
    }

    private static HealthPart HealthOf(IReadOnlyList<Transmitter> transmitters, SignalHealth signals)
    {
        var troubles = transmitters.Select(one => (one.Name, State: signals.Of(one))).Where(one => one.State != StreamState.Heard).Select(one => $"{one.Name} is {one.State.ToString().ToLowerInvariant()}").ToList();
        return troubles.Count == 0 ? new("signals", HealthState.Ok, transmitters.Count == 0 ? "none" : "heard") : new("signals", HealthState.Degraded, string.Join("; ", troubles));
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
