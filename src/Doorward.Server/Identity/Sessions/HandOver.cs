using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Store;

namespace Doorward.Server.Identity.Sessions;

/// <summary>
/// Hands a session over from Doorward's own host to a route's, by a code in a URL: one use, a minute by the store's clock, bound to
/// the host and to a nonce that only the asking browser holds. A code that is shown with another nonce was stolen or lost: it is burnt.
/// </summary>
internal sealed class HandOver(Database database, KeyedToken token)
{
    private const long LifeMilliseconds = 60_000;

    public async Task<string> IssueAsync(string sessionId, string host, byte[] nonceHash, CancellationToken cancellation)
    {
        var code = token.Create();
        await database.WriteAsync(
            transaction => transaction.ExecuteAsync(
                $"INSERT INTO hand_overs (hash, session, host, nonce, expires) VALUES (@hash, @sessionId, @host, @nonceHash, {transaction.Now} + {LifeMilliseconds})",
                new { hash = KeyedToken.Hash(code), sessionId, host, nonceHash }),
            cancellation);
        return code;
    }

    /// <summary>Redeems a code, which is worth nothing afterwards whatever the answer.</summary>
    /// <returns>The session's id; null where the code was never given, used, too old, or for another host or browser.</returns>
    public async Task<string?> RedeemAsync(string code, string host, string nonce)
    {
        if (!token.IsGenuine(code)) return null;
        var hash = KeyedToken.Hash(code);
        var written = await database.WriteAsync(async transaction =>
        {
            var row = await transaction.FindAsync<Row>($"SELECT session, host, nonce, expires - {transaction.Now} AS Life FROM hand_overs WHERE hash = @hash{transaction.ForUpdate}", new { hash });
            await transaction.ExecuteAsync("DELETE FROM hand_overs WHERE hash = @hash", new { hash });
            return row;
        }, CancellationToken.None);
        return written.Value is { Life: > 0 } found && found.Host == host && CryptographicOperations.FixedTimeEquals(found.Nonce, HashOf(nonce)) ? found.Session : null;
    }

    public static byte[] HashOf(string nonce) => SHA256.HashData(Encoding.UTF8.GetBytes(nonce));

    private sealed record Row
    {
        public string Session { get; init; } = "";
        public string Host { get; init; } = "";
        public byte[] Nonce { get; init; } = [];
        public long Life { get; init; }
    }
}
