using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Signals;

/// <summary>
/// Whom a transmitter may speak about: the people, sessions and devices of the providers that it is configured for, and by e-mail only
/// those of its domains. Without this one transmitter could lock out everybody.
/// </summary>
internal sealed class SignalScope(Func<ProviderSet> providers)
{
    /// <summary>The people that any of these names means; none where none of them is known here.</summary>
    /// <exception cref="SignalFault">All of the names are of others than its own.</exception>
    public async Task<IReadOnlyList<string>> PersonsAsync(StoreConnection connection, Transmitter sender, IReadOnlyList<Identifier> names)
    {
        var (found, foreign) = (new List<string>(), 0);
        foreach (var name in names)
        {
            if (await NamedAsync(connection, sender, name) is { } persons) found.AddRange(persons);
            else foreign++;
        }
        return foreign == names.Count ? throw SignalFault.Foreign() : [.. found.Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The people that a subject means.</summary>
    public Task<IReadOnlyList<string>> PersonsAsync(StoreConnection connection, Transmitter sender, Subject subject) =>
        subject.User is { } user ? PersonsAsync(connection, sender, [user])
        : subject.Simple.Count > 0 ? PersonsAsync(connection, sender, subject.Simple)
        : Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The sessions that an event means, of those that had begun when it happened.</summary>
    public async Task<IReadOnlyList<SessionRow>> SessionsAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var found = new List<SessionRow>();
        foreach (var filter in await FiltersAsync(transaction, sender, told)) found.AddRange(await filter.FindAsync(transaction));
        return found.Count == 0 ? [] : await SessionRow.FindAllAsync(transaction, [.. found.Select(row => row.Id).Distinct()], transaction.ForUpdate);
    }

    /// <summary>What an event means: whatever any of these does. Everything that the subject says must match.</summary>
    public async Task<IReadOnlyList<SessionFilter>> FiltersAsync(Transaction transaction, Transmitter sender, SecurityEvent told)
    {
        var subject = told.Subject;
        var by = told.At + TokenClaims.Tolerance;
        if (subject.Simple.Count > 0)
        {
            // A bare name may be a session's as well as a person's.
            var names = subject.Simple.Where(name => name.Kind == IdentifierKind.Opaque).Select(name => new SessionFilter { Providers = sender.Options.Providers, ProviderSession = name.Value, StartedBy = by });
            return [new() { Persons = await PersonsAsync(transaction, sender, subject.Simple), StartedBy = by }, .. names];
        }
        var session = subject.Session is { } one ? Thing(sender, one) : null;
        var device = subject.Device is { } thing ? Thing(sender, thing) : null;
        // Named by what matches nothing here: then nothing matches.
        if ((subject.Session is not null && session is null) || (subject.Device is not null && device is null)) return [];
        return
        [
            new()
            {
                Persons = subject.User is { } user ? await PersonsAsync(transaction, sender, [user]) : null,
                Providers = session?.Providers ?? sender.Options.Providers,
                ProviderSession = session?.Name,
                Devices = device is { } known ? [.. known.Providers.Select(provider => Devices.Device.IdOf(provider, known.Name))] : null,
                StartedBy = by,
            },
        ];
    }

    /// <summary>The name of a session or a device, and the providers at which it may have it; null where it is one that matches nothing.</summary>
    /// <exception cref="SignalFault">It is of another issuer's.</exception>
    public (string Name, IReadOnlyList<string> Providers)? Thing(Transmitter sender, Identifier name) => name.Kind switch
    {
        IdentifierKind.Opaque => (name.Value, sender.Options.Providers),
        IdentifierKind.IssuerSubject => Issued(sender, name.Issuer!) is { Count: > 0 } own ? (name.Value, own) : throw SignalFault.Foreign(),
        _ => null,
    };

    // Null: not its to speak about.
    private async Task<IReadOnlyList<string>?> NamedAsync(StoreConnection connection, Transmitter sender, Identifier name)
    {
        switch (name.Kind)
        {
            case IdentifierKind.IssuerSubject:
                return Issued(sender, name.Issuer!) is { Count: > 0 } own ? [.. own.Select(provider => PersonRow.IdOf(provider, name.Value))] : null;
            case IdentifierKind.Opaque:
                return [.. sender.Options.Providers.Select(provider => PersonRow.IdOf(provider, name.Value))];
            case IdentifierKind.Email:
                if (EmailAddress.Domain(name.Value) is not { } domain || !sender.Options.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase)) return null;
                var known = await connection.QueryAsync<Named>("SELECT id, provider FROM persons WHERE lower(email) = lower(@email) ORDER BY id", new { email = name.Value });
                return [.. known.Where(one => sender.Options.Providers.Contains(one.Provider)).Select(one => one.Id)];
            default:
                return [];
        }
    }

    // Many transmitters are the provider under another of its names, and call their people by their own.
    private IReadOnlyList<string> Issued(Transmitter sender, string issuer) => issuer == sender.Issuer
        ? sender.Options.Providers
        : [.. sender.Options.Providers.Where(name => providers().Find(name)?.Issuers is { } issuers && issuers.Names(issuer))];

    private sealed record Named
    {
        public string Id { get; init; } = "";
        public string Provider { get; init; } = "";
    }
}
