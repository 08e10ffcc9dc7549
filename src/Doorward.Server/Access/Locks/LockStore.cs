using Doorward.Policy;
using Doorward.Server.Store;

namespace Doorward.Server.Access.Locks;

/// <summary>A lock, and who set it and why.</summary>
internal sealed record HeldLock(Policy.Lock Lock, string? Reason, string? SetBy, DateTimeOffset At);

/// <summary>Locks in the store. Setting and lifting one is in force on this node when it returns, on the others when the feed has told them.</summary>
internal sealed class LockStore(Database database)
{
    /// <summary>The kind of change.</summary>
    public const string Kind = "lock";

    /// <summary>Takes access away, and so completes even if its caller has gone. A lock that is set already is told anew.</summary>
    /// <returns>Where the change stands in the feed.</returns>
    public Task<long> SetAsync(Policy.Lock held, string? reason, string? setBy) => database.WriteAsync(async transaction =>
    {
        await transaction.ExecuteAsync(
            $"""
            INSERT INTO locks (kind, key, reason, set_by, at) VALUES (@kind, @Key, @reason, @setBy, {transaction.Now})
            ON CONFLICT (kind, key) DO UPDATE SET reason = @reason, set_by = @setBy
            """, new { kind = NameOf(held.Kind), held.Key, reason, setBy });
        transaction.Changed(Kind, $"{NameOf(held.Kind)}/{held.Key}");
    }, CancellationToken.None);

    /// <returns>Where the change stands in the feed; 0 where there was no such lock.</returns>
    public Task<long> LiftAsync(Policy.Lock held, CancellationToken cancellation) => database.WriteAsync(async transaction =>
    {
        if (await transaction.ExecuteAsync("DELETE FROM locks WHERE kind = @kind AND key = @Key", new { kind = NameOf(held.Kind), held.Key }) == 1)
            transaction.Changed(Kind, $"{NameOf(held.Kind)}/{held.Key}");
    }, cancellation);

    public async Task<IReadOnlyList<HeldLock>> ListAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.QueryAsync<Row>("SELECT kind, key, reason, set_by AS SetBy, at FROM locks ORDER BY kind, key"), cancellation);
        return [.. rows.Select(row => row.ToLock())];
    }

    private static string NameOf(LockKind kind) => kind.ToString().ToLowerInvariant();

    private sealed record Row
    {
        public string Kind { get; init; } = "";
        public string Key { get; init; } = "";
        public string? Reason { get; init; }
        public string? SetBy { get; init; }
        public long At { get; init; }

        // A kind that only a newer version knows must not be overlooked: this node then never loads the locks, and refuses.
        public HeldLock ToLock() => Enum.TryParse<LockKind>(Kind, ignoreCase: true, out var kind)
            ? new(new(kind, Key), Reason, SetBy, DateTimeOffset.FromUnixTimeMilliseconds(At))
            : throw new StoreUnavailableException($"The store holds a lock of an unknown kind, '{Kind}'.");
    }
}
