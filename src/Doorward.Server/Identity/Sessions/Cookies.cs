using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>What a cookie stands for. It never changes: a renewed cookie is another one.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Host">The only host at which it counts.</param>
/// <param name="Series">It counts while this is the session's.</param>
internal sealed record CookieRow(string SessionId, string Host, long Series);

/// <summary>Session cookies in the store: each host has its own, so that one app cannot use another's.</summary>
internal sealed class Cookies(Database database, KeyedToken token)
{
    /// <summary>Makes the cookie of a session at a host.</summary>
    /// <returns>Its text; null where the session is gone.</returns>
    public async Task<string?> CreateAsync(string sessionId, string host, CancellationToken cancellation)
    {
        var text = token.Create();
        var written = await database.WriteAsync(
            transaction => transaction.ExecuteAsync(
                "INSERT INTO session_cookies (hash, session, host, series) SELECT @hash, id, @host, series FROM sessions WHERE id = @sessionId AND epoch = (SELECT epoch FROM feed)",
                new { hash = KeyedToken.Hash(text), host, sessionId }),
            cancellation);
        return written.Value == 1 ? text : null;
    }

    /// <summary>What these stand for, by their text; those that stand for nothing are missing.</summary>
    public static async Task<IReadOnlyDictionary<string, CookieRow>> FindAsync(StoreConnection connection, IReadOnlyList<string> texts)
    {
        var hashes = texts.ToDictionary(text => text, text => KeyedToken.Hash(text), StringComparer.Ordinal);
        var (listed, arguments) = Listed.Of([.. hashes.Values]);
        var rows = (await connection.QueryAsync<Row>($"SELECT hash, session, host, series FROM session_cookies WHERE hash IN {listed}", arguments)).ToDictionary(row => Convert.ToHexString(row.Hash));
        var found = new Dictionary<string, CookieRow>(StringComparer.Ordinal);
        foreach (var (text, hash) in hashes)
            if (rows.TryGetValue(Convert.ToHexString(hash), out var row)) found[text] = new(row.Session, row.Host, row.Series);
        return found;
    }

    private sealed record Row
    {
        public byte[] Hash { get; init; } = [];
        public string Session { get; init; } = "";
        public string Host { get; init; } = "";
        public long Series { get; init; }
    }
}
