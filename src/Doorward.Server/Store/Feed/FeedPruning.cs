namespace Doorward.Server.Store.Feed;

/// <summary>Removes changes that every node has heard of. A node that was away for longer drops its tables when it comes back.</summary>
internal static class FeedPruning
{
    /// <summary>Far longer than any staleness limit: by then a node has long refused by itself.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    public static Task<Written<int>> RunAsync(Database database, CancellationToken cancellation = default) => database.WriteAsync<int>(
        transaction => transaction.ExecuteAsync(
            $"DELETE FROM changes WHERE at < {transaction.Now} - @keep AND id < (SELECT last FROM feed)",
            new { keep = (long)Keep.TotalMilliseconds }), cancellation);
}
