using Doorward.Policy;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>Events that end sessions, and sign-ins that are under way.</summary>
internal sealed class SessionEffects(SignalScope scope, TimeProvider time)
{
    /// <param name="transaction">The one that takes the event.</param>
    /// <param name="sender">Who tells.</param>
    /// <param name="told">The event.</param>
    /// <param name="also">What else changes by it, of people.</param>
    public async Task<SignalEffect> EndAsync(Transaction transaction, Transmitter sender, SecurityEvent told, Func<Task>? also = null)
    {
        var filters = await scope.FiltersAsync(transaction, sender, told);
        var ended = await SessionStore.EndAsync(transaction, filters, SignalEffects.CauseOf(sender, told), time.GetUtcNow(), also);
        var device = filters.Where(filter => !filter.IsNobody).SelectMany(filter => filter.Devices ?? []).FirstOrDefault();
        if (ended.Count > 0) return SignalEffects.Of(Wording.Count(ended.Count, "session ended", "sessions ended"), ended) with { Device = device };
        // Sessions that only a certificate puts on a device end where they are shown: how many those are nobody knows.
        return device is null ? SignalEffect.Unmatched : new("what had begun on the device is over") { Device = device };
    }
}
