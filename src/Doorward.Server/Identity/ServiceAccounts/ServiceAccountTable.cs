using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Identity.ServiceAccounts;

/// <summary>
/// The live secrets in memory, all of them: accounts are few, and a machine's request must not wait for the store. Kept true by the
/// change feed; while it is not loaded every secret is «unavailable», never «wrong».
/// </summary>
internal sealed class ServiceAccountTable(ServiceAccountStore store, TimeProvider time, Generation generation, ServiceAccountSecret secrets) : IFeedSubscriber
{
    private FrozenDictionary<string, Entry>? _byHash;

    /// <summary>Who sent a secret.</summary>
    public Caller Find(string secret)
    {
        if (!secrets.IsGenuine(secret)) return new(CallerKind.Refused);
        return FindHash(Convert.ToHexString(ServiceAccountSecret.Hash(secret)));
    }

    /// <summary>Who showed the secret of a session, as they are known now.</summary>
    public Caller FindAgain(Session session) => FindHash(session.Credential!);

    private Caller FindHash(string hash)
    {
        if (Volatile.Read(ref _byHash) is not { } table) return new(CallerKind.Unavailable);
        var now = time.GetUtcNow();
        return table.TryGetValue(hash, out var entry) && entry.Account.CountsAt(now) && !(entry.Expires <= now)
            ? new(CallerKind.Known, entry.Session, entry.Person)
            : new(CallerKind.Refused);
    }

    /// <summary>An account by its id; nobody where there is none that counts.</summary>
    public Caller FindAccount(string id) => Volatile.Read(ref _byHash)?.Values.FirstOrDefault(entry => entry.Account.Id == id) is { } entry && entry.Account.CountsAt(time.GetUtcNow())
        ? new(CallerKind.Known, entry.Session, entry.Person)
        : new(CallerKind.Refused);

    public ServiceAccountRole RoleOf(string id)
    {
        var entry = Volatile.Read(ref _byHash)?.Values.FirstOrDefault(entry => entry.Account.Id == id);
        return entry is not null && entry.Account.CountsAt(time.GetUtcNow()) ? entry.Account.Role : ServiceAccountRole.None;
    }

    public void Drop() => Volatile.Write(ref _byHash, null);

    public async Task LoadAsync(CancellationToken cancellation)
    {
        var live = await store.LoadAsync(cancellation);
        Volatile.Write(ref _byHash, live.ToFrozenDictionary(secret => Convert.ToHexString(secret.Hash), Entry.Of));
        generation.Raise();
    }

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        changes.Any(change => change.Kind == ServiceAccountStore.Kind) ? LoadAsync(cancellation) : Task.CompletedTask;

    private sealed record Entry(ServiceAccount Account, DateTimeOffset? Expires, Session Session, Person Person)
    {
        public static Entry Of(ServiceAccountStore.LiveSecret secret)
        {
            var account = secret.Account;
            var id = $"service-account/{account.Name}";
            // The nearer end counts; a machine without one has a session that ends never.
            var ends = Earlier(secret.Expires, account.Expires) ?? DateTimeOffset.MaxValue;
            var session = new Session
            {
                Id = $"service-account/{account.Id}",
                PersonId = id,
                Started = account.Created,
                Expires = ends,
                Version = ends.UtcTicks,
                Facts = new SessionFacts { Id = $"service-account/{account.Id}", Expires = ends, Provider = "service-account" },
                ServiceAccount = account.Id,
                Credential = Convert.ToHexString(secret.Hash),
                Routes = account.Routes,
            };
            var person = new Person
            {
                Id = id,
                Provider = "service-account",
                Subject = account.Name,
                Name = account.Name,
                Version = 1,
                Facts = new PersonFacts { Id = id, Groups = [] },
            };
            return new(account, secret.Expires, session, person);
        }

        private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
    }
}
