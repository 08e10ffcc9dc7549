using System.Text.Json;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// The provider's tokens of each session, encrypted, and who of the nodes may ask the provider anew: one at a time, because a
/// provider that rotates refresh tokens takes a second use for theft. Time is the store's, for nodes' clocks differ. A node that was
/// held up beyond its claim (a pause, a network) meets two fences: tokens are replaced only by what was asked for with them, and a
/// «no» ends nothing while another node may have caused it.
/// </summary>
internal sealed class KeptTokens(Database database, Secrets secrets, TimeProvider time)
{
    private const string Purpose = "session-tokens";

    /// <summary>How long before the access token's end the provider is asked; up to as much again by jitter, so that a herd spreads.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(1);

    /// <summary>A node that claims a refresh and dies is replaced after this.</summary>
    private static readonly TimeSpan _claim = TimeSpan.FromSeconds(30);

    /// <summary>A node stops asking by itself after this, by its own monotonic clock; well before another may begin.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Where the provider does not say when the access token ends, it is asked this often.</summary>
    private static readonly TimeSpan _unstated = TimeSpan.FromMinutes(10);

    /// <summary>Tokens of a sign-in: whatever was kept before is forgotten.</summary>
    public Task<int> KeepAsync(Transaction transaction, string session, ProviderTokens tokens) => transaction.ExecuteAsync(
        $"""
        INSERT INTO session_tokens (session, tokens, refresh_at, claimed_until, version, contested_until) VALUES (@session, @sealedTokens, {transaction.Now} + @due, 0, 1, 0)
        ON CONFLICT (session) DO UPDATE SET tokens = @sealedTokens, refresh_at = {transaction.Now} + @due, claimed_until = 0, version = session_tokens.version + 1, contested_until = 0
        """,
        new { session, sealedTokens = Seal(session, tokens), due = DueIn(tokens) });

    /// <summary>Tokens that the provider gave for those of <paramref name="due"/>; kept before anything else is done with them.</summary>
    /// <returns>What is kept now; unchanged where other tokens took the place of those meanwhile: then those stay.</returns>
    public async Task<DueRefresh> ReplaceAsync(DueRefresh due, ProviderTokens tokens) =>
        (await database.WriteAsync(transaction => ReplaceAsync(transaction, due, tokens), CancellationToken.None)).Value;

    public async Task<DueRefresh> ReplaceAsync(Transaction transaction, DueRefresh due, ProviderTokens tokens)
    {
        var replaced = await transaction.ExecuteAsync(
            $"""
            UPDATE session_tokens SET tokens = @sealedTokens, refresh_at = {transaction.Now} + @dueIn, claimed_until = 0, version = version + 1, contested_until = 0
            WHERE session = @SessionId AND version = @Version
            """,
            new { due.SessionId, due.Version, sealedTokens = Seal(due.SessionId, tokens), dueIn = DueIn(tokens) });
        return replaced == 1 ? due with { Tokens = tokens, Version = due.Version + 1 } : due;
    }

    public async Task<ProviderTokens?> FindAsync(string session, CancellationToken cancellation) =>
        Open(session, await database.ReadAsync(
            connection => connection.FindAsync<byte[]>("SELECT tokens FROM session_tokens WHERE session = @session", new { session }), cancellation));

    /// <summary>Sessions whose turn it is, now claimed by this node.</summary>
    public async Task<IReadOnlyList<DueRefresh>> ClaimAsync(int most, CancellationToken cancellation)
    {
        var written = await database.WriteAsync(async transaction =>
        {
            var rows = await transaction.QueryAsync<Due>(
                $"""
                SELECT t.session, t.tokens, t.version, s.person, s.version AS SessionVersion, (SELECT p.version FROM persons p WHERE p.id = s.person) AS PersonVersion
                FROM session_tokens t JOIN sessions s ON s.id = t.session
                WHERE t.refresh_at <= {transaction.Now} AND t.claimed_until <= {transaction.Now} AND s.expires > @now AND s.epoch = (SELECT epoch FROM feed)
                ORDER BY t.refresh_at LIMIT @most{transaction.ForUpdateFree}
                """,
                new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), most });
            // A claim that nobody gave back: whoever made it may still be asking.
            foreach (var row in rows)
                await transaction.ExecuteAsync(
                    $"""
                    UPDATE session_tokens SET contested_until = CASE WHEN claimed_until = 0 THEN 0 ELSE {transaction.Now} + @claim END, claimed_until = {transaction.Now} + @claim
                    WHERE session = @Session
                    """,
                    new { row.Session, claim = (long)_claim.TotalMilliseconds });
            return rows;
        }, cancellation);
        return
        [
            .. from row in written.Value
               let tokens = Open(row.Session, row.Tokens)
               where tokens is not null
               select new DueRefresh(row.Session, row.Person, tokens) { Version = row.Version, SessionVersion = row.SessionVersion, PersonVersion = row.PersonVersion },
        ];
    }

    /// <summary>The provider is to be asked once more.</summary>
    public static Task AgainAsync(Transaction transaction, string session) =>
        transaction.ExecuteAsync($"UPDATE session_tokens SET refresh_at = {transaction.Now} WHERE session = @session AND refresh_at IS NOT NULL", new { session });

    /// <summary>The provider could not be asked now: another try later.</summary>
    public Task PostponeAsync(DueRefresh due, TimeSpan by, CancellationToken cancellation) => database.WriteAsync(
        transaction => transaction.ExecuteAsync(
            $"UPDATE session_tokens SET refresh_at = {transaction.Now} + @by, claimed_until = 0 WHERE session = @SessionId AND version = @Version",
            new { due.SessionId, due.Version, by = (long)by.TotalMilliseconds }),
        cancellation);

    /// <summary>
    /// Whether a refusal is the provider's word about the person: not where the tokens were replaced meanwhile, nor where another node may
    /// have used them first. Then it is asked once more when that node's time is over. Locks the session and then its tokens, in one round trip:
    /// whoever the provider no longer vouches for is let in until this is over.
    /// </summary>
    public static async Task<bool> IsLastWordAsync(Transaction transaction, DueRefresh due)
    {
        var (session, tokens) = await transaction.QueryAsync<string, Held>(
            $"""
            SELECT id FROM sessions WHERE id = @SessionId AND epoch = (SELECT epoch FROM feed){transaction.ForUpdate};
            SELECT version, contested_until - {transaction.Now} AS Contested FROM session_tokens WHERE session = @SessionId{transaction.ForUpdate}
            """,
            new { due.SessionId });
        if (session.Count == 0 || tokens is not [{ } held] || held.Version != due.Version) return false;
        if (held.Contested <= 0) return true;
        await transaction.ExecuteAsync("UPDATE session_tokens SET refresh_at = contested_until, claimed_until = 0 WHERE session = @SessionId", new { due.SessionId });
        return false;
    }

    private byte[] Seal(string session, ProviderTokens tokens) => secrets.Protect(Purpose, session, JsonSerializer.SerializeToUtf8Bytes(tokens));

    /// <summary>Milliseconds until the provider is asked; null where there is nothing to ask with.</summary>
    private long? DueIn(ProviderTokens tokens)
    {
        if (tokens.Refresh is null) return null;
        if (tokens.Expires is not { } expires) return (long)_unstated.TotalMilliseconds;
        var life = expires - time.GetUtcNow();
        var due = life - _before - (Random.Shared.NextDouble() * _before);
        // A token that lives shorter than our lead is refreshed at half its life, not at once and for ever.
        if (due <= TimeSpan.Zero) due = life > TimeSpan.Zero ? life / 2 : _before;
        return (long)due.TotalMilliseconds;
    }

    private ProviderTokens? Open(string session, byte[]? row) =>
        row is not null && secrets.Unprotect(Purpose, session, row) is { } plain ? JsonSerializer.Deserialize<ProviderTokens>(plain) : null;

    private sealed record Due
    {
        public string Session { get; init; } = "";
        public byte[] Tokens { get; init; } = [];
        public string Person { get; init; } = "";
        public long Version { get; init; }
        public long SessionVersion { get; init; }
        public long PersonVersion { get; init; }
    }

    private sealed record Held
    {
        public long Version { get; init; }
        public long Contested { get; init; }
    }
}

/// <summary>A session whose provider is to be asked anew.</summary>
internal sealed record DueRefresh(string SessionId, string PersonId, ProviderTokens Tokens)
{
    /// <summary>Of the tokens: raised whenever others take their place.</summary>
    public required long Version { get; init; }

    /// <summary>The session as it was before the provider was asked.</summary>
    public long SessionVersion { get; init; }

    /// <summary>The person as they were before the provider was asked.</summary>
    public long PersonVersion { get; init; }
}
