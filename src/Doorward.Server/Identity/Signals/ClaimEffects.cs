using System.Text.Json;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>Events that change what is known of people and of how they signed in. The provider's own next word, at a refresh, counts again.</summary>
internal sealed class ClaimEffects(SignalScope scope, Func<ProviderSet> providers)
{
    private const string Acr = "acr", Amr = "amr";

    /// <summary>More than any provider tells of a person.</summary>
    private const int MostClaims = 100;

    /// <summary>New values of some claims; null takes one away.</summary>
    public async Task<SignalEffect> ChangeAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var changed = told.Body.GetProperty("claims").EnumerateObject().ToList();
        if (changed.Count > MostClaims || !changed.TrueForAll(claim => TokenClaims.IsName(claim.Name))) throw SignalFault.Invalid($"An event changes {MostClaims} claims at most, with names of tokens' length.");
        var rows = await scope.SessionsAsync(transaction, sender, told);
        foreach (var row in rows)
        {
            var claims = new List<JsonProperty>();
            foreach (var claim in changed)
                if (await SignalSources.IsNewestAsync(transaction, sender.Source, $"claim/{claim.Name}", row.Id, told.At)) claims.Add(claim);
            // How somebody signed in is a session's matter: where none is named it is unknown in all of them, lest one become stronger than it is.
            if (claims.Count > 0) await MergeAsync(transaction, sender, told, row, claims);
        }
        return rows.Count == 0 ? SignalEffect.Unmatched : SignalEffects.Of("claims changed", rows);
    }

    /// <summary>How strongly the person is authenticated. A lower level counts for every session that is meant; a higher one only where a session is named.</summary>
    public async Task<SignalEffect> AssureAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var rows = await scope.SessionsAsync(transaction, sender, told);
        if (rows.Count == 0) return SignalEffect.Unmatched;
        if (told.Body.Text("change_direction") != "decrease" && told.Subject.Session is null) return SignalEffects.Of("nothing changed: no session is named that became stronger", rows);
        // What is lower for one session may be higher for another, and whoever may only take away may say anything: it is unknown then.
        var level = told.Subject.Session is not null && sender.Options.Events.Contains(told.Type.Name) ? told.Body.Text("current_level") : null;
        var method = told.Body.Text("namespace") == "RFC8176";
        foreach (var row in rows)
        {
            if (!await SignalSources.IsNewestAsync(transaction, sender.Source, "assurance", row.Id, told.At)) continue;
            var facts = row.ToSession().Session.Facts;
            await row.ChangeFactsAsync(transaction, method ? facts.WithStrength(facts.Acr, level is null ? null : [level]) : facts.WithStrength(level, facts.Amr), SignalEffects.CauseOf(sender, told));
        }
        return SignalEffects.Of($"assurance: {(method ? "method" : "class")} changed", rows);
    }

    /// <summary>An address has become another: the former no longer counts, the new one only where the transmitter may vouch for it.</summary>
    public async Task<SignalEffect> RenameAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var next = told.Body.Text("new-value");
        var vouched = EmailAddress.Domain(next) is { } domain && sender.Options.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase);
        return await ChangeEmailAsync(transaction, sender, told, vouched ? next : null, "e-mail changed");
    }

    /// <summary>An address no longer counts.</summary>
    public Task<SignalEffect> ForgetEmailAsync(Transaction transaction, Transmitter sender, SecurityEvent told, string what) => ChangeEmailAsync(transaction, sender, told, null, what);

    private async Task<SignalEffect> ChangeEmailAsync(Transaction transaction, Transmitter sender, SecurityEvent told, string? email, string what)
    {
        var persons = await scope.PersonsAsync(transaction, sender, told.Subject);
        foreach (var person in persons)
        {
            if (!await SignalSources.IsNewestAsync(transaction, sender.Source, "email", person, told.At)) continue;
            await PersonRow.ChangeAsync(transaction, person, row => row with { Email = email ?? row.Email, EmailVerified = email is null ? 0 : 1 }, SignalEffects.CauseOf(sender, told));
        }
        return persons.Count == 0 ? SignalEffect.Unmatched : new(what) { Persons = persons };
    }

    private async Task MergeAsync(Transaction transaction, Transmitter sender, SecurityEvent told, SessionRow row, List<JsonProperty> claims)
    {
        var cause = SignalEffects.CauseOf(sender, told);
        var facts = row.ToSession().Session.Facts;
        var merged = facts.Claims.Where(known => !claims.Exists(claim => known.Key == claim.Name || known.Key.StartsWith(claim.Name + "/", StringComparison.Ordinal))).ToDictionary(StringComparer.Ordinal);
        var isNamed = told.Subject.Session is not null;
        foreach (var (name, value) in FlatClaims.Of(claims.Where(claim => isNamed || claim.Name is not (Acr or Amr)))) merged[name] = value;
        facts = facts.With(claims: merged);
        if (claims.Exists(claim => claim.Name == Acr)) facts = facts.WithStrength(merged.TryGetValue(Acr, out var acr) ? acr.Value as string : null, facts.Amr);
        if (claims.Exists(claim => claim.Name == Amr)) facts = facts.WithStrength(facts.Acr, merged.TryGetValue(Amr, out var amr) ? amr.Value as IReadOnlyList<string> : null);
        await row.ChangeFactsAsync(transaction, facts, cause);
        // An address is believed less by an event of claims, never more: that is for the events that are about addresses.
        if (claims.Exists(claim => claim is { Name: "email_verified", Value.ValueKind: not JsonValueKind.True } or { Name: "email", Value.ValueKind: JsonValueKind.Null }))
            await PersonRow.ChangeAsync(transaction, row.Person, person => person with { EmailVerified = 0 }, cause);
        if (providers().Find(facts.Provider) is not { } provider) return;
        var path = provider.Settings.GroupsClaim ?? provider.Preset.GroupsClaim;
        if (!claims.Exists(claim => path == claim.Name || path.StartsWith(claim.Name + "/", StringComparison.Ordinal))) return;
        // The groups are the person's: a late word by way of another session gives none back.
        if (!await SignalSources.IsNewestAsync(transaction, sender.Source, "groups", row.Person, told.At)) return;
        // Groups that were taken away altogether are none, not unknown: nobody is asked to sign in for them.
        IReadOnlyList<string> groups = !merged.TryGetValue(path, out var listed) ? [] : listed.Value as IReadOnlyList<string> ?? (listed.Value is string one ? [one] : []);
        var written = FactJson.Write([.. groups.Select(provider.Preset.Group)]);
        await PersonRow.ChangeAsync(transaction, row.Person, person => person with { Groups = written }, cause);
    }
}
