using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Microsoft.Extensions.Logging.Abstractions;

namespace Doorward.Server.Tests.Lab;

/// <summary>The base of a contract: tests that every store must pass. Two small classes beside each contract name the stores.</summary>
public abstract class StoreTest : IAsyncLifetime
{
    private protected StoreLab Lab { get; private set; } = null!;

    private protected ManualTime Time => Lab.Time;

    public async ValueTask InitializeAsync() => Lab = await StartLabAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<StoreLab> StartLabAsync();

    /// <summary>What a contract opened besides the store.</summary>
    private protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    private protected static Task<StoreLab> OnSqlite() => Task.FromResult<StoreLab>(new SqliteLab());

    private protected static async Task<StoreLab> OnPostgres() => await PostgresLab.StartAsync();

    private protected static Task Changing(Transaction transaction, params string[] keys)
    {
        foreach (var key in keys)
            transaction.Changed("session", key);
        return Task.CompletedTask;
    }

    private protected static Task<long> WriteAsync(Database database, params string[] keys) => database.WriteAsync(transaction => Changing(transaction, keys));

    private protected static Task<long> LastAsync(Database database) => database.ReadAsync(connection => connection.FindAsync<long>("SELECT last FROM feed"));

    private protected Node StartNode(Database database)
    {
        var freshness = new Freshness(Time, TimeSpan.FromSeconds(10));
        var generation = new Generation();
        var recorder = new FeedRecorder();
        var feed = new ChangeFeed(database, freshness, generation, Time, NullLogger<ChangeFeed>.Instance);
        feed.Subscribe(recorder);
        return new(database, feed, freshness, generation, recorder);
    }

    private protected sealed record Node(Database Database, ChangeFeed Feed, Freshness Freshness, Generation Generation, FeedRecorder Recorder);
}

/// <summary>Writes down what the feed tells it, and can be made to fail.</summary>
internal sealed class FeedRecorder : IFeedSubscriber
{
    private readonly List<string> _told = [];

    public Exception? Failure { get; set; }

    public IReadOnlyList<string> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    public void Drop() => Tell("drop");

    public Task LoadAsync(CancellationToken cancellation) => TellAsync("load");

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) => TellAsync([.. changes.Select(change => change.Key)]);

    private Task TellAsync(params string[] words)
    {
        if (Failure is not null)
            throw Failure;
        Tell(words);
        return Task.CompletedTask;
    }

    private void Tell(params string[] words)
    {
        lock (_told)
            _told.AddRange(words);
    }
}
