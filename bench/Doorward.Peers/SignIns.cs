using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;

namespace Doorward.Peers;

/// <summary>Signs people in before a server runs: writes into its store, by its own code, what sign-ins would.</summary>
internal sealed class SignIns : IAsyncDisposable
{
    private readonly Database _database;
    private readonly SessionStore _sessions;
    private readonly Cookies _cookies;

    private SignIns(Database database, KeyRing ring)
    {
        _database = database;
        var token = new KeyedToken(() => [((SymmetricKey)ring.Active(KeyPurpose.Tag)).For("token")]);
        _sessions = new SessionStore(database, TimeProvider.System, new KeptTokens(database, new Secrets(ring), TimeProvider.System), new(TimeSpan.FromHours(14), null));
        _cookies = new Cookies(database, token);
    }

    public static async Task<SignIns> OpenAsync(StoreOptions options, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        var root = RootKey.Load(options.RootKeyFile!, options.Place, problems)!;
        var database = Database.Open(options, TimeProvider.System, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
        await Schema.MigrateAsync(database, options.Place, cancellation);
        await new KeyRotation(database, root, TimeProvider.System).StartAsync(options.Place, cancellation);
        var ring = new KeyRing(database, root, TimeProvider.System);
        await ring.LoadAsync(cancellation);
        return new(database, ring);
    }

    public Task<Session> SignInAsync(SignedIn said) => _sessions.SignInAsync(said, new Browser("127.0.0.1", "bench"), former: null);

    /// <summary>The cookie header of a session's browser at a host.</summary>
    public async Task<string> CookieAsync(Session session, string name, string host) => $"{name}={await _cookies.CreateAsync(session.Id, host, CancellationToken.None)}";

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
