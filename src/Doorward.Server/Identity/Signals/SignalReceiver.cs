using System.Text.Json;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Signals;

/// <summary>Takes an event of a token that is believed: once, whole, and on whichever node it comes to.</summary>
internal sealed class SignalReceiver(Database database, SignalEffects effects, SignalRecords records, TimeProvider time)
{
    /// <exception cref="SignalFault">The event is refused.</exception>
    /// <exception cref="StoreUnavailableException">It is not taken; it may come again.</exception>
    public async Task TakeAsync(Transmitter sender, JsonElement claims, HttpContext context)
    {
        var now = time.GetUtcNow();
        var told = SecurityEvent.Read(claims, now);
        if (!told.Type.IsOfStream && !MaySend(sender.Options.Events, told))
            throw new SignalFault("access_denied", "This transmitter may not send this type of event: «events» does not name it.");
        // What may give access is done only where it can be written down; what takes it away, in any case.
        if (!records.CanWrite && !told.TakesAway) throw new StoreUnavailableException("The audit trail cannot be written.");
        // By stream as well: what one may not speak about is not lost for another of the same issuer.
        var issuer = $"{sender.Source} {sender.Issuer}";
        // It may take access away, and so is finished even if the transmitter hangs up.
        var effect = await database.WriteAsync(async transaction =>
        {
            if (!await SignalSources.TakeAsync(transaction, issuer, told.Id, now)) return null;
            var done = told.Type.IsOfStream ? await StreamAsync(transaction, sender, told, now) : await effects.ApplyAsync(transaction, sender, told);
            await SignalSources.HeardAsync(transaction, sender.Source, told.Type.Name, done.Matched, now);
            return done;
        }, CancellationToken.None);
        await records.TakenAsync(context, sender.Source, told.Type.Name, effect.Value ?? new("sent again: taken before"), ("id", told.Id), ("subject", told.Subject.Format));
    }

    // What may give access is heard only of whom the operator has named for it.
    private static bool MaySend(IReadOnlyList<string> events, SecurityEvent told) => events.Count == 0 ? !told.MayGrant : events.Contains(told.Type.Name);

    private static async Task<SignalEffect> StreamAsync(Transaction transaction, Transmitter sender, SecurityEvent told, DateTimeOffset now)
    {
        if (told.Type.Name == EventType.StreamUpdated)
        {
            if (!await SignalSources.IsNewestAsync(transaction, sender.Source, "stream", sender.Name, told.At)) return new("nothing changed: newer is known");
            var status = told.Body.Text("status")!;
            await SignalSources.StatusAsync(transaction, sender.Source, status, told.Body.Text("reason") is { Length: <= 200 } reason ? reason : null);
            return new($"stream {status}");
        }
        // Nobody but the transmitter that was asked knows it. Without one it is the transmitter's own idea, and proves as much as any event.
        if (told.Body.Text("state") is not { } state) return new("heard");
        return await SignalSources.EchoedAsync(transaction, sender.Source, state, now) ? new("verified") : throw new SignalFault("invalid_state", "This state was not asked for.");
    }
}
