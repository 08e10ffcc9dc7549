using Microsoft.Extensions.DependencyInjection;

namespace Doorward.Server.Identity.Signals;

/// <summary>The things that receive signals, for a host; beforehand come the store's, the audit trail and the providers.</summary>
internal static class SignalServices
{
    /// <param name="services">The host's.</param>
    /// <param name="transmitters">Those of the configuration in force.</param>
    public static IServiceCollection AddSignals(this IServiceCollection services, Func<IServiceProvider, IReadOnlyList<Transmitter>> transmitters) => services
        .AddSingleton<Func<IReadOnlyList<Transmitter>>>(provider => () => transmitters(provider))
        .AddSingleton<SignalScope>().AddSingleton<SessionEffects>().AddSingleton<ClaimEffects>().AddSingleton<DeviceEffects>().AddSingleton<SignalEffects>()
        .AddSingleton<SignalHealth>().AddSingleton<SignalCounts>().AddSingleton<SignalRecords>().AddSingleton<Reception>().AddSingleton<SignalReceiver>().AddSingleton<SignalsEndpoint>().AddSingleton<BackChannelLogout>();
}
