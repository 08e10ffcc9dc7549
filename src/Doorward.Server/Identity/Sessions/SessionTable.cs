using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// From a cookie's text to who sent it. Three tables, because three things change apart: what a cookie stands for (never), the
/// session, the person. A hit reads memory only and may run on a socket's thread; a miss must not.
/// </summary>
internal sealed class SessionTable(Database database, KeyedToken token, TimeProvider time, TableOptions options)
{
    private readonly Table<CookieRow> _cookies = new(
        "cookie", (texts, cancellation) => database.ReadToRememberAsync(connection => Cookies.FindAsync(connection, texts), cancellation), options, time);

    private readonly Table<LiveSession> _sessions = new(
        SessionRow.Kind,
        async (ids, cancellation) => (await database.ReadToRememberAsync(connection => SessionRow.FindAllAsync(connection, ids), cancellation)).ToDictionary(row => row.Id, row => row.ToSession(), StringComparer.Ordinal),
        options,
        time);

    private readonly Table<Person> _persons = new(
        PersonRow.Kind,
        async (ids, cancellation) => (await database.ReadToRememberAsync(connection => PersonRow.FindAllAsync(connection, ids), cancellation)).ToDictionary(person => person.Id, StringComparer.Ordinal),
        options,
        time);

    private readonly EndedSessions _ended = new(options.Capacity);

    /// <summary>What the change feed must keep true.</summary>
    public IReadOnlyList<IFeedSubscriber> Tables => [_cookies, _sessions, _persons, _ended];

    /// <summary>Answers from memory.</summary>
    /// <returns>False where memory does not know: ask <see cref="FindAsync"/>, away from the socket's thread.</returns>
    public bool TryFind(ReadOnlySpan<char> cookie, string host, out Caller caller)
    {
        caller = new(CallerKind.Refused);
        // What nobody made needs no look in the store.
        if (!_cookies.TryGet(cookie, out var row)) return !token.IsGenuine(cookie);
        if (_sessions.TryGet(row.SessionId, out var live) && !IsOlder(live, row) && _persons.TryGet(live.Session.PersonId, out var person))
        {
            caller = Judge(row, live, person, host);
            return true;
        }
        return _ended.Has(row.SessionId);
    }

    /// <summary>Answers from memory, and from the store where memory does not know.</summary>
    public async ValueTask<Caller> FindAsync(string cookie, string host, CancellationToken cancellation)
    {
        if (TryFind(cookie, host, out var caller)) return caller;
        var row = await _cookies.LoadAsync(cookie, cancellation);
        if (row.Value is null) return Missing(row.Kind);
        var live = await _sessions.LoadAsync(row.Value.SessionId, cancellation);
        if (live.Value is not null && IsOlder(live.Value, row.Value))
        {
            _sessions.Forget(row.Value.SessionId);
            live = await _sessions.LoadAsync(row.Value.SessionId, cancellation);
        }
        if (live.Value is null) return Missing(live.Kind);
        var person = await _persons.LoadAsync(live.Value.Session.PersonId, cancellation);
        return person.Value is null ? Missing(person.Kind) : Judge(row.Value, live.Value, person.Value, host);
    }

    /// <summary>A session as it is now, whatever its cookies; answers from memory.</summary>
    /// <returns>False where memory does not know: ask <see cref="FindAgainAsync"/>.</returns>
    public bool TryFindAgain(string sessionId, out Caller caller)
    {
        caller = new(CallerKind.Refused);
        if (!_sessions.TryGet(sessionId, out var live) || !_persons.TryGet(live.Session.PersonId, out var person)) return _ended.Has(sessionId);
        caller = Judge(live, person);
        return true;
    }

    /// <inheritdoc cref="TryFindAgain"/>
    public async ValueTask<Caller> FindAgainAsync(string sessionId, CancellationToken cancellation)
    {
        var live = await _sessions.LoadAsync(sessionId, cancellation);
        if (live.Value is null) return Missing(live.Kind);
        var person = await _persons.LoadAsync(live.Value.Session.PersonId, cancellation);
        return person.Value is null ? Missing(person.Kind) : Judge(live.Value, person.Value);
    }

    /// <summary>Cookies were renewed, and the feed has not told this node yet.</summary>
    private static bool IsOlder(LiveSession live, CookieRow cookie) => live.Series < cookie.Series;

    private Caller Judge(CookieRow row, LiveSession live, Person person, string host)
    {
        if (row.Series != live.Series) return new(CallerKind.Refused);
        var caller = Judge(live, person);
        return row.Host == host || caller.Kind != CallerKind.Known ? caller : new(CallerKind.Refused, Stray: row);
    }

    private Caller Judge(LiveSession live, Person person) =>
        live.Session.Expires > time.GetUtcNow() ? new(CallerKind.Known, live.Session, person) : new(CallerKind.Refused);

    private static Caller Missing(LookupKind kind) => new(kind == LookupKind.Absent ? CallerKind.Refused : CallerKind.Unavailable);
}
