using Doorward.Server.Audit;
using Doorward.Server.Audit.Checkpoints;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Routes.Agreement;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store.Feed;
using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server;

/// <summary>What the answers about health are made of: a part for each thing that can fail by itself.</summary>
internal static class HealthServices
{
    public static void AddHealth(this IServiceCollection services) => services.AddSingleton(PartsOf).AddHostedService<HealthWatch>();

    private static HealthParts PartsOf(IServiceProvider services)
    {
        var (freshness, skew) = (services.GetRequiredService<Freshness>(), services.GetRequiredService<ChangeFeed>().Skew);
        var (trail, drains, checkpoints) = (services.GetRequiredService<AuditTrail>(), services.GetRequiredService<Drains>(), services.GetRequiredService<CheckpointMaker>());
        var (force, signals) = (services.GetRequiredService<InForce>(), services.GetRequiredService<SignalHealth>());
        return new(
        [
            () => StoreOf(freshness),
            () => new("clock", skew.IsAlarming ? HealthState.Degraded : HealthState.Ok, $"{Math.Abs(skew.Current.TotalSeconds):F1} s {(skew.Current < TimeSpan.Zero ? "behind" : "ahead of")} the store's"),
            services.GetRequiredService<ConfigurationReload>().Health,
            services.GetRequiredService<NodeAgreement>().Health,
            () => Auditing.HealthOf(trail, drains, checkpoints),
            () => SignalsOf(force.Transmitters, signals),
        ]);
    }

    private static HealthPart StoreOf(Freshness freshness) => new(
        "store",
        freshness.IsStale ? HealthState.Down : freshness.IsAlarming ? HealthState.Degraded : HealthState.Ok,
        freshness.Age == TimeSpan.MaxValue ? "not reached yet" : $"heard from {freshness.Age.TotalSeconds:F1} s ago");

    private static HealthPart SignalsOf(IReadOnlyList<Transmitter> transmitters, SignalHealth signals)
    {
        var troubles = transmitters.Select(one => (one.Name, State: signals.Of(one))).Where(one => one.State != StreamState.Heard).Select(one => $"{one.Name} is {one.State.ToString().ToLowerInvariant()}").ToList();
        return troubles.Count == 0 ? new("signals", HealthState.Ok, transmitters.Count == 0 ? "none" : "heard") : new("signals", HealthState.Degraded, string.Join("; ", troubles));
    }
}
