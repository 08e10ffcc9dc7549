using Doorward.Policy;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.Directory;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>What each type of event does. All of it happens in the transaction that takes the event, and reaches every node by the change feed.</summary>
internal sealed class SignalEffects(SignalScope scope, SessionEffects sessions, ClaimEffects claims, DeviceEffects devices)
{
    public Task<SignalEffect> ApplyAsync(Transaction transaction, Transmitter sender, SecurityEvent told) => told.Type.Name switch
    {
        EventType.SessionRevoked or EventType.SessionsRevoked => sessions.EndAsync(transaction, sender, told),
        // Whoever can sign in with what was lost, or must change it, proves anew who they are.
        EventType.CredentialCompromise or EventType.CredentialChangeRequired => sessions.EndAsync(transaction, sender, told),
        EventType.CredentialChange when told.Body.Text("change_type") is "revoke" or "delete" => sessions.EndAsync(transaction, sender, told),
        EventType.AccountDisabled or EventType.AccountPurged => ActiveAsync(transaction, sender, told, active: false),
        EventType.AccountEnabled => ActiveAsync(transaction, sender, told, active: true),
        EventType.ClaimsChange => claims.ChangeAsync(transaction, sender, told),
        EventType.AssuranceChange => claims.AssureAsync(transaction, sender, told),
        EventType.IdentifierChanged => claims.RenameAsync(transaction, sender, told),
        EventType.IdentifierRecycled => RecycleAsync(transaction, sender, told),
        EventType.DeviceCompliance => devices.ComplyAsync(transaction, sender, told),
        EventType.RiskChange => RiskAsync(transaction, sender, told),
        _ => NoteAsync(transaction, sender, told),
    };

    // An address is somebody else's now: whoever had it proves anew who they are.
    private async Task<SignalEffect> RecycleAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var forgotten = SignalEffect.Unmatched;
        var ended = await sessions.EndAsync(transaction, sender, told, async () => forgotten = await claims.ForgetEmailAsync(transaction, sender, told, "e-mail no longer counts"));
        return forgotten.Matched ? forgotten with { Told = $"{ended.Told}, {forgotten.Told}" } : ended;
    }

    private async Task<SignalEffect> ActiveAsync(Transaction transaction, Transmitter sender, SecurityEvent told, bool active)
    {
        var persons = await scope.PersonsAsync(transaction, sender, told.Subject);
        var changed = new List<string>();
        foreach (var person in persons)
        {
            if (!await SignalSources.IsNewestAsync(transaction, sender.Source, "active", person, told.At)) continue;
            var known = await DirectoryRow.FindAsync(transaction, sender.Source, person);
            // It takes back what it said itself, and nothing of what others say.
            if (active && known is null) continue;
            if (await DirectoryStore.KeepAsync(transaction, (known ?? new() { Source = sender.Source, Person = person }) with { Active = active ? 1 : 0 }, CauseOf(sender, told))) changed.Add(person);
        }
        return persons.Count == 0 ? SignalEffect.Unmatched : new(changed.Count == 0 ? "nothing changed" : active ? "active again" : "inactive, and every session ended") { Persons = persons };
    }

    private async Task<SignalEffect> RiskAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var level = Enum.Parse<RiskLevel>(told.Body.Text("current_level")!, ignoreCase: true);
        switch (told.Body.Text("principal"))
        {
            case "USER":
                var persons = await scope.PersonsAsync(transaction, sender, told.Subject);
                foreach (var person in persons) await TellAsync(RiskLevels.Person, PersonRow.Kind, person);
                return persons.Count == 0 ? SignalEffect.Unmatched : new($"risk of the person: {level}") { Persons = persons };
            case "SESSION":
                var rows = await scope.SessionsAsync(transaction, sender, told);
                foreach (var row in rows) await TellAsync(RiskLevels.Session, SessionRow.Kind, row.Id);
                return rows.Count == 0 ? SignalEffect.Unmatched : Of($"risk of the session: {level}", rows);
            case "DEVICE":
                var ids = devices.Named(sender, told);
                foreach (var id in ids) await TellAsync(RiskLevels.Device, Device.Kind, id);
                return ids.Count == 0 ? SignalEffect.Unmatched : new($"risk of the device: {level}") { Device = ids is [var only] ? only : null };
            default:
                return SignalEffect.Unmatched;
        }

        async Task TellAsync(string kind, string change, string key)
        {
            if (!await SignalSources.IsNewestAsync(transaction, sender.Source, $"risk/{kind}", key, told.At)) return;
            await RiskLevels.TellAsync(transaction, kind, key, sender.Source, level, told.At);
            transaction.Changed(change, key, CauseOf(sender, told));
        }
    }

    // Nothing follows from it here; the record has it.
    private async Task<SignalEffect> NoteAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var rows = await scope.SessionsAsync(transaction, sender, told);
        return rows.Count == 0 ? SignalEffect.Unmatched : Of("noted", rows);
    }

    /// <summary>As the records of what it ends name it.</summary>
    public static string CauseOf(Transmitter sender, SecurityEvent told) => $"signal {sender.Name}: {told.Type.Name}";

    public static SignalEffect Of(string what, IReadOnlyList<SessionRow> rows) => new(what) { Sessions = [.. rows.Select(row => row.Id)], Persons = [.. rows.Select(row => row.Person).Distinct()] };
}
