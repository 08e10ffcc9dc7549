using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;

namespace Doorward.Server.Identity.Sessions;

/// <summary>Sessions that the feed has told the end of, as many as fit. They only ever refuse: one that is forgotten is asked of the store, where it is gone.</summary>
internal sealed class EndedSessions(int capacity) : IFeedSubscriber
{
    private readonly BoundedCache<string> _ended = new(capacity);

    public bool Has(string sessionId) => _ended.TryGet(sessionId, out _);

    public void Drop() => _ended.Clear();

    Task IFeedSubscriber.LoadAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        foreach (var change in changes)
            if (change.Kind == SessionRow.EndedKind) _ended.Set(change.Key, change.Key);
        return Task.CompletedTask;
    }
}
