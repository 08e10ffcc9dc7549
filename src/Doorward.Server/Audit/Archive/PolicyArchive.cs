using Doorward.Policy;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// The policies that records name by their digests. A record cannot be told from one of another policy, and whoever rewrites a
/// policy here is found out: its text no longer has the digest that the chain holds.
/// </summary>
internal sealed class PolicyArchive(Database database, TimeProvider time)
{
    /// <summary>Rows in one transaction: as for the drain, a revocation must not wait long for SQLite's one writer.</summary>
    private const int PerTransaction = 200;

    /// <summary>Keeps them, and notes that they are in use now.</summary>
    public async Task KeepAsync(IEnumerable<EffectivePolicy> policies, CancellationToken cancellation)
    {
        var seen = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var chunk in policies.DistinctBy(policy => policy.Digest).Chunk(PerTransaction))
        {
            await database.WriteAsync(async transaction =>
            {
                foreach (var policy in chunk)
                    await transaction.ExecuteAsync(
                        "INSERT INTO audit_policies (digest, policy, seen) VALUES (@Digest, @text, @seen) ON CONFLICT (digest) DO UPDATE SET seen = excluded.seen",
                        new { policy.Digest, text = policy.ToCanonicalText(), seen });
            }, cancellation);
        }
    }

    /// <summary>The text of a policy; null where it is not there.</summary>
    public Task<string?> FindAsync(string digest, CancellationToken cancellation) =>
        database.ReadAsync(store => store.FindAsync<string?>("SELECT policy FROM audit_policies WHERE digest = @digest", new { digest }), cancellation);

    /// <summary>Drops those that no record names any more, which is kept for so many days.</summary>
    /// <returns>How many.</returns>
    public async Task<int> PruneAsync(int keepDays, CancellationToken cancellation)
    {
        var before = (time.GetUtcNow().UtcDateTime.Date - TimeSpan.FromDays(keepDays + 1) - DateTime.UnixEpoch).TotalMilliseconds;
        return (await database.WriteAsync(transaction => transaction.ExecuteAsync("DELETE FROM audit_policies WHERE seen < @before", new { before = (long)before }), cancellation)).Value;
    }
}
