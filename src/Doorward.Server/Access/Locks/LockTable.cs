using Doorward.Policy;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Access.Locks;

/// <summary>
/// Every lock, in memory. The last ones known go on denying however old they are; a node that never loaded them, or had to drop them,
/// refuses everything.
/// </summary>
internal sealed class LockTable(LockStore store) : IFeedSubscriber
{
    private LockSet? _current;

    /// <summary>Null: not known, so nobody may pass.</summary>
    public LockSet? Current => Volatile.Read(ref _current);

    public void Drop() => Volatile.Write(ref _current, null);

    public async Task LoadAsync(CancellationToken cancellation)
    {
        var locks = await store.ListAsync(cancellation);
        Volatile.Write(ref _current, locks.Count == 0 ? LockSet.None : new([.. locks.Select(held => held.Lock)]));
    }

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        changes.Any(change => change.Kind == LockStore.Kind) ? LoadAsync(cancellation) : Task.CompletedTask;
}
