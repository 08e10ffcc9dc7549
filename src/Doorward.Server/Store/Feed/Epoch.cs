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
    public static async Task RaiseAsync(Database database, CancellationToken cancellation) =>
        await RaiseAsync(database, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT epoch FROM feed"), cancellation), cancellation);
}
