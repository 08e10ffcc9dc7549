namespace Doorward.Server.Store.Feed;

/// <summary>A number in the store that only goes up. What was granted (sessions) carries the epoch that it was granted in, and counts in no other.</summary>
internal static class Epoch
{
    /// <summary>
    /// Ends everything that was granted, because what was taken back may be forgotten: after a backup was restored. Several callers
    /// that saw the same raise it once.
    /// </summary>
    public static Task RaiseAsync(Database database, long above, CancellationToken cancellation) => database.WriteAsync<int>(
        transaction => transaction.ExecuteAsync("UPDATE feed SET epoch = @above + 1 WHERE epoch <= @above", new { above }), cancellation);

    /// <inheritdoc cref="RaiseAsync(Database, long, CancellationToken)"/>
    /// <returns>The epoch from now on.</returns>
    public static async Task<long> RaiseAsync(Database database, CancellationToken cancellation)
    {
        var former = await database.ReadAsync(connection => connection.FindAsync<long>("SELECT epoch FROM feed"), cancellation);
        await RaiseAsync(database, former, cancellation);
        return former + 1;
    }
}
