using Doorward.Policy;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>Events about devices.</summary>
internal sealed class DeviceEffects
{
    public Task<SignalEffect> ComplyAsync(Transaction transaction, Transmitter sender, SecurityEvent told) => Task.FromResult(SignalEffect.Unmatched);

    public Task<SignalEffect> RiskAsync(Transaction transaction, Transmitter sender, SecurityEvent told, RiskLevel level) => Task.FromResult(SignalEffect.Unmatched);
}
