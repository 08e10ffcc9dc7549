using Doorward.Server.Audit;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Signals;

/// <summary>Every message from outside is in the audit trail, with what came of it; and counted.</summary>
internal sealed class SignalRecords(AuditTrail trail, SignalCounts counts, TimeProvider time)
{
    /// <summary>More ids than this are told by their number alone.</summary>
    private const int MostIds = 20;

    public bool CanWrite => trail.Health.Writes;

    public async Task TakenAsync(HttpContext context, string source, string act, SignalEffect effect, params (string Name, string Value)[] details)
    {
        counts.Taken(source, effect.Matched);
        await trail.Append(new EventRecord
        {
            Kind = EventKind.Signal,
            At = time.GetUtcNow(),
            Act = act,
            Actor = new Party { Address = context.Connection.RemoteIpAddress?.ToString() },
            Target = new Party
            {
                PersonId = effect.Persons is [var person] ? person : null,
                SessionId = effect.Sessions is [var session] ? session : null,
                DeviceId = effect.Device,
            },
            RequestId = context.TraceIdentifier,
            Details =
            [
                new("source", source), new("effect", effect.Told), .. details.Select(detail => KeyValuePair.Create(detail.Name, detail.Value)),
                .. Several("persons", effect.Persons), .. Several("sessions", effect.Sessions),
            ],
        });
    }

    /// <summary>Nothing was changed. Of strangers' floods the first of each second are written one by one, the rest counted.</summary>
    public async Task RefusedAsync(HttpContext context, string source, string error, string why)
    {
        counts.Refused(source);
        await trail.AppendRefused(
            new EventRecord
            {
                Kind = EventKind.Signal,
                At = time.GetUtcNow(),
                Act = "refused",
                Succeeded = false,
                Actor = new Party { Address = context.Connection.RemoteIpAddress?.ToString() },
                RequestId = context.TraceIdentifier,
                Details = [new("source", source), new("error", error), new("why", why)],
            },
            context.Connection.RemoteIpAddress,
            source);
    }

    private static IEnumerable<KeyValuePair<string, string>> Several(string name, IReadOnlyList<string> ids) => ids.Count < 2
        ? []
        : [new(name, ids.Count <= MostIds ? string.Join(' ', ids) : $"{ids.Count}")];
}
