using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>Events that end sessions, and sign-ins that are under way.</summary>
internal sealed class SessionEffects(SignalScope scope, TimeProvider time)
{
    public async Task<SignalEffect> EndAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var ended = new List<SessionRow>();
        string? device = null;
        foreach (var filter in await scope.FiltersAsync(transaction, sender, told))
        {
            ended.AddRange(await SessionStore.EndAsync(transaction, filter, SignalEffects.CauseOf(sender, told), time.GetUtcNow()));
            if (filter.IsDevicesAlone) device = filter.Devices![0];
        }
        if (ended.Count > 0) return SignalEffects.Of($"{ended.Count} sessions ended", ended) with { Device = device };
        // Sessions that only a certificate puts on a device end where they are shown: how many those are nobody knows.
        return device is null ? SignalEffect.Unmatched : new("what had begun on the device is over") { Device = device };
    }
}
