using System.Security.Cryptography;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>What is known of the browser that signs in.</summary>
internal sealed record Browser(string? Address, string? UserAgent);

/// <summary>
/// Sessions in the store. What takes access away completes even if its caller has gone, and has returned only once it is committed.
/// Everybody locks in one order, so that no two wait for each other: sessions by their ids, then what hangs on them, then people, then
/// the feed (<see cref="Transaction.AloneAsync"/>).
/// </summary>
internal sealed class SessionStore(Database database, TimeProvider time, KeptTokens tokens, SessionLimits limits)
{
    /// <summary>Sessions that one transaction ends for idleness.</summary>
    public const int IdleBatch = Listed.Most;

    /// <summary>Starts a session for whom a provider vouched, and ends the browser's former one: a session never changes hands.</summary>
    /// <exception cref="SignInOverException">It was over before it began: what it would stand on was ended meanwhile. Nothing is changed.</exception>
    public async Task<Session> SignInAsync(SignedIn said, Browser browser, string? former)
    {
        var now = time.GetUtcNow();
        var id = NewId();
        var expires = now + limits.Absolute;
        var row = new SessionRow
        {
            Id = id,
            Person = PersonRow.IdOf(said.Provider, said.Subject),
            ProviderSession = said.ProviderSessionId,
            Started = now.ToUnixTimeMilliseconds(),
            Expires = expires.ToUnixTimeMilliseconds(),
            LastActivity = now.ToUnixTimeMilliseconds(),
            Series = 1,
            Version = 1,
            Facts = FactJson.Write(FactsOf(said, id, expires, Remedies.None)),
            UserAgent = browser.UserAgent,
            Address = browser.Address,
            Device = said.DeviceId,
        };
        // Past the redirect from the provider there is nobody to tell of a cancelled write: it is finished.
        await database.WriteAsync(async transaction =>
        {
            if (former is not null) await RemoveAsync(transaction, former, "signed in anew");
            await PersonRow.KeepAsync(transaction, said);
            await row.InsertAsync(transaction);
            await tokens.KeepAsync(transaction, id, said.Tokens);
            transaction.Changed(SessionRow.Kind, id);
            await SessionEnds.ThrowIfOverAsync(transaction, said);
        }, CancellationToken.None);
        return row.ToSession().Session;
    }

    /// <summary>
    /// The same person has proved again, or more strongly, who they are; or has not, and <paramref name="failed"/> says what was not
    /// fulfilled. Cookies are renewed: those given before no longer count.
    /// </summary>
    /// <returns>The session with its new facts; null where it is gone, or the person is another one.</returns>
    /// <exception cref="SignInOverException">What was proved was ended meanwhile. Nothing is changed.</exception>
    public async Task<Session?> StepUpAsync(string id, SignedIn said, Remedies failed) =>
        (await database.WriteAsync(async transaction =>
        {
            if (await SessionRow.FindAsync(transaction, id, transaction.ForUpdate) is not { } row || row.Person != PersonRow.IdOf(said.Provider, said.Subject)) return null;
            await PersonRow.KeepAsync(transaction, said);
            row = row with { Series = row.Series + 1 };
            row = await KeepFactsAsync(transaction, row, said, failed);
            await tokens.KeepAsync(transaction, id, said.Tokens);
            await SessionEnds.ThrowIfOverAsync(transaction, said);
            return row.ToSession().Session;
        }, CancellationToken.None)).Value;

    /// <summary>
    /// The provider was asked anew: its facts count from now on, and its tokens are kept. Nothing is told to other nodes where nothing changed.
    /// Where somebody has told otherwise of the session or the person while the provider was being asked, that is newer: it stays, and the
    /// provider is asked again.
    /// </summary>
    /// <returns>False where the session is gone.</returns>
    public async Task<bool> RefreshedAsync(DueRefresh due, SignedIn said) =>
        (await database.WriteAsync(async transaction =>
        {
            var id = due.SessionId;
            if (await SessionRow.FindAsync(transaction, id, transaction.ForUpdate) is not { } row) return false;
            await tokens.ReplaceAsync(transaction, due, said.Tokens);
            var isNewest = await PersonRow.KeepAsync(transaction, said, due.PersonVersion) is not null;
            // Nobody has signed in anew: when and how they did stays as it was.
            var former = row.ToSession().Session.Facts;
            var known = said with { AuthTime = former.AuthTime, Acr = former.Acr, Amr = former.Amr };
            var facts = FactJson.Write(FactsOf(known, id, DateTimeOffset.FromUnixTimeMilliseconds(row.Expires), former.Failed));
            if (facts != row.Facts || (known.DeviceId ?? row.Device) != row.Device)
            {
                if (row.Version == due.SessionVersion) await KeepFactsAsync(transaction, row, known, former.Failed);
                else isNewest = false;
            }
            if (!isNewest) await KeptTokens.AgainAsync(transaction, id);
            return true;
        }, CancellationToken.None)).Value;

    /// <summary>Ends one session, with its cookies at every host.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cause">Who or what ends it, for the records of what was open.</param>
    /// <returns>False where there was none.</returns>
    public async Task<bool> EndAsync(string id, string? cause = null) =>
        (await database.WriteAsync(transaction => RemoveAsync(transaction, id, cause), CancellationToken.None)).Value;

    /// <summary>Ends a session whose provider said no, where nothing else explains that.</summary>
    /// <returns>False where there was none, or the refusal may have been another node's doing.</returns>
    public async Task<bool> EndRefusedAsync(DueRefresh due) =>
        (await database.WriteAsync(
            async transaction => await KeptTokens.IsLastWordAsync(transaction, due) && await RemoveAsync(transaction, due.SessionId, "refused by the provider"),
            CancellationToken.None)).Value;

    /// <summary>Ends everything that a person has open, and what they are about to open without proving anew who they are.</summary>
    /// <returns>How many sessions that were.</returns>
    public async Task<int> EndAllAsync(string personId, string? cause = null) =>
        (await database.WriteAsync(transaction => EndAsync(transaction, [new() { Persons = [personId] }], cause, time.GetUtcNow()), CancellationToken.None)).Value.Count;

    /// <summary>Ends everything that people have open who may open nothing any more.</summary>
    public static Task EndAllAsync(Transaction transaction, IReadOnlyList<string> persons, string? cause) => RemoveAsync(transaction, [new SessionFilter { Persons = persons }], cause);

    /// <summary>Ends what a message from outside names, also where its sign-in is under way.</summary>
    /// <param name="transaction">The message's own. Nothing but counting the message may come after this.</param>
    /// <param name="filters">What it names: whatever any of these does.</param>
    /// <param name="cause">Who or what ends it, for the records of what was open.</param>
    /// <param name="now">What begins later is not over.</param>
    /// <param name="also">What else changes by the message, of people.</param>
    /// <returns>The sessions that there were.</returns>
    public static async Task<IReadOnlyList<SessionRow>> EndAsync(Transaction transaction, IReadOnlyList<SessionFilter> filters, string? cause, DateTimeOffset now, Func<Task>? also = null)
    {
        var ended = await RemoveAsync(transaction, filters, cause);
        await SessionEnds.MarkAsync(transaction, filters, now, cause);
        if (also is not null) await also();
        // Whoever signed in between did not see the mark; from here on everybody does.
        await transaction.AloneAsync();
        return [.. ended, .. await RemoveAsync(transaction, filters, cause, transaction.ForUpdateAtOnce)];
    }

    /// <summary>Live sessions, the most recently used first; of one person, or of everybody.</summary>
    public Task<IReadOnlyList<SessionRow>> ListAsync(string? personId, int most, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.ReadAsync(connection => SessionRow.ListAsync(connection, personId, now, most), cancellation);
    }

    /// <summary>Ends sessions without activity since an instant. One that is used meanwhile, on any node that has told so, lives on.</summary>
    /// <returns>How many that were; where it is <see cref="IdleBatch"/>, there may be more.</returns>
    public async Task<int> EndIdleAsync(DateTimeOffset since) =>
        (await database.WriteAsync(async transaction =>
        {
            var before = since.ToUnixTimeMilliseconds();
            var ids = await transaction.QueryAsync<string>($"SELECT id FROM sessions WHERE last_activity < @before ORDER BY id LIMIT {IdleBatch}{transaction.ForUpdate}", new { before });
            if (ids.Count > 0) await RemoveAsync(transaction, ids, "idle");
            return ids.Count;
        }, CancellationToken.None)).Value;

    /// <summary>Removes what has expired or is of a former epoch; harmless, because none of it counts.</summary>
    public Task PruneAsync(CancellationToken cancellation)
    {
        const string Dead = "FROM sessions WHERE expires <= @now OR epoch <> (SELECT epoch FROM feed)";
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return database.WriteAsync(async transaction =>
        {
            await transaction.QueryAsync<string>($"SELECT id {Dead} ORDER BY id{transaction.ForUpdate}", new { now });
            await transaction.ExecuteAsync($"DELETE FROM session_cookies WHERE session IN (SELECT id {Dead})", new { now });
            await transaction.ExecuteAsync($"DELETE FROM session_tokens WHERE session IN (SELECT id {Dead})", new { now });
            await transaction.ExecuteAsync($"DELETE {Dead}", new { now });
            await transaction.ExecuteAsync($"DELETE FROM hand_overs WHERE expires <= {transaction.Now}");
            await SessionEnds.PruneAsync(transaction, DateTimeOffset.FromUnixTimeMilliseconds(now));
        }, cancellation);
    }

    private static async Task<IReadOnlyList<SessionRow>> RemoveAsync(Transaction transaction, IReadOnlyList<SessionFilter> filters, string? cause, string lockRows = "")
    {
        var (found, removed) = (new List<SessionRow>(), new List<SessionRow>());
        foreach (var filter in filters) found.AddRange(await filter.FindAsync(transaction, lockRows));
        foreach (var rows in found.DistinctBy(row => row.Id).OrderBy(row => row.Id, StringComparer.Ordinal).Chunk(Listed.Most))
        {
            var gone = await RemoveAsync(transaction, [.. rows.Select(row => row.Id)], cause);
            removed.AddRange(rows.Where(row => gone.Contains(row.Id)));
        }
        return removed;
    }

    private static async Task<SessionRow> KeepFactsAsync(Transaction transaction, SessionRow row, SignedIn said, Remedies failed)
    {
        row = row with
        {
            Version = row.Version + 1,
            ProviderSession = said.ProviderSessionId ?? row.ProviderSession,
            // Silence does not take a session off a device that may be locked.
            Device = said.DeviceId ?? row.Device,
            Facts = FactJson.Write(FactsOf(said, row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.Expires), failed)),
        };
        await transaction.ExecuteAsync(
            "UPDATE sessions SET facts = @Facts, version = @Version, series = @Series, provider_session = @ProviderSession, device = @Device WHERE id = @Id", row);
        transaction.Changed(SessionRow.Kind, row.Id);
        return row;
    }

    private static async Task<bool> RemoveAsync(Transaction transaction, string id, string? cause) => (await RemoveAsync(transaction, [id], cause)).Count == 1;

    /// <summary>One round trip, and no more than <see cref="Listed.Most"/>: a directory that lets ten thousand people go has all of them to wait for.</summary>
    /// <returns>Those that there were.</returns>
    private static async Task<IReadOnlySet<string>> RemoveAsync(Transaction transaction, IReadOnlyList<string> ids, string? cause)
    {
        var (listed, arguments) = Listed.Of(ids);
        var removed = await transaction.QueryAsync<string>(
            $"""
            DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE id IN {listed} ORDER BY id{transaction.ForUpdate}) RETURNING id;
            DELETE FROM session_cookies WHERE session IN {listed};
            DELETE FROM session_tokens WHERE session IN {listed};
            DELETE FROM hand_overs WHERE session IN {listed}
            """,
            arguments);
        foreach (var id in removed)
        {
            transaction.Changed(SessionRow.Kind, id, cause);
            transaction.Changed(SessionRow.EndedKind, id);
        }
        return removed.ToHashSet(StringComparer.Ordinal);
    }

    private static SessionFacts FactsOf(SignedIn said, string id, DateTimeOffset expires, Remedies failed) => new()
    {
        Id = id,
        Expires = expires,
        AuthTime = said.AuthTime,
        Acr = said.Acr,
        Amr = said.Amr,
        Provider = said.Provider,
        Claims = said.Claims,
        Failed = failed,
    };

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>How long people stay signed in.</summary>
/// <param name="Absolute">From signing in, however busy.</param>
/// <param name="Idle">Without any request; null for no limit.</param>
internal sealed record SessionLimits(TimeSpan Absolute, TimeSpan? Idle);
