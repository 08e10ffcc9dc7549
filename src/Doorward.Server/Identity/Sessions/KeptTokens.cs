using System.Text.Json;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Doorward.Server.Store.Keys;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// The provider's tokens of each session, encrypted, and who of the nodes may ask the provider anew: one at a time, because a
/// provider that rotates refresh tokens takes a second use for theft.
/// </summary>
internal sealed class KeptTokens(Database database, Secrets secrets, TimeProvider time)
{
    private const string Purpose = "session-tokens";

    /// <summary>How long before the access token's end the provider is asked; up to as much again by jitter, so that a herd spreads.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromMinutes(1);

    /// <summary>A node that claims a refresh and dies is replaced after this.</summary>
    private static readonly TimeSpan _claim = TimeSpan.FromSeconds(30);

    /// <summary>Where the provider does not say when the access token ends, it is asked this often.</summary>
    private static readonly TimeSpan _unstated = TimeSpan.FromMinutes(10);

    public Task<int> KeepAsync(Transaction transaction, string session, ProviderTokens tokens)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(tokens);
        var now = time.GetUtcNow();
        var due = tokens.Expires is { } expires ? expires - _before - (Random.Shared.NextDouble() * _before) : now + _unstated;
        // A token that lives shorter than our lead is refreshed at half its life, not at once and for ever.
        if (due <= now) due = tokens.Expires is { } soon && soon > now ? now + ((soon - now) / 2) : now + _before;
        return transaction.ExecuteAsync(
            """
            INSERT INTO session_tokens (session, tokens, refresh_at, claimed_until) VALUES (@session, @sealedTokens, @due, 0)
            ON CONFLICT (session) DO UPDATE SET tokens = @sealedTokens, refresh_at = @due, claimed_until = 0
            """,
            new { session, sealedTokens = secrets.Protect(Purpose, session, plain), due = tokens.Refresh is null ? null : (long?)due.ToUnixTimeMilliseconds() });
    }

    /// <summary>New tokens of a session, kept before anything else is done with them.</summary>
    public Task KeepAsync(string session, ProviderTokens tokens) =>
        database.WriteAsync(transaction => KeepAsync(transaction, session, tokens), CancellationToken.None);

    public async Task<ProviderTokens?> FindAsync(string session, CancellationToken cancellation) =>
        Open(session, await database.ReadAsync(
            connection => connection.FindAsync<byte[]>("SELECT tokens FROM session_tokens WHERE session = @session", new { session }), cancellation));

    /// <summary>Sessions whose turn it is, now claimed by this node.</summary>
    public async Task<IReadOnlyList<DueRefresh>> ClaimAsync(int most, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)_claim.TotalMilliseconds;
        var written = await database.WriteAsync(async transaction =>
        {
            var rows = await transaction.QueryAsync<Due>(
                $"""
                SELECT t.session, t.tokens, s.person FROM session_tokens t JOIN sessions s ON s.id = t.session
                WHERE t.refresh_at <= @now AND t.claimed_until <= @now AND s.expires > @now AND s.epoch = (SELECT epoch FROM feed)
                ORDER BY t.refresh_at LIMIT @most{transaction.ForUpdate}
                """,
                new { now, most });
            foreach (var row in rows)
                await transaction.ExecuteAsync("UPDATE session_tokens SET claimed_until = @until WHERE session = @Session", new { until, row.Session });
            return rows;
        }, cancellation);
        return [.. from row in written.Value let tokens = Open(row.Session, row.Tokens) where tokens is not null select new DueRefresh(row.Session, row.Person, tokens)];
    }

    /// <summary>The provider could not be asked now: another try later.</summary>
    public Task PostponeAsync(string session, TimeSpan by, CancellationToken cancellation) => database.WriteAsync(
        transaction => transaction.ExecuteAsync(
            "UPDATE session_tokens SET refresh_at = @at, claimed_until = 0 WHERE session = @session",
            new { session, at = (time.GetUtcNow() + by).ToUnixTimeMilliseconds() }),
        cancellation);

    private ProviderTokens? Open(string session, byte[]? row) =>
        row is not null && secrets.Unprotect(Purpose, session, row) is { } plain ? JsonSerializer.Deserialize<ProviderTokens>(plain) : null;

    private sealed record Due
    {
        public string Session { get; init; } = "";
        public byte[] Tokens { get; init; } = [];
        public string Person { get; init; } = "";
    }
}

/// <summary>A session whose provider is to be asked anew.</summary>
internal sealed record DueRefresh(string SessionId, string PersonId, ProviderTokens Tokens);
