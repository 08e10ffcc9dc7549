using System.Collections.Frozen;
using Doorward.Server.Store.Feed;

namespace Doorward.Server.Store.Keys;

/// <summary>Every key of the store, opened, in memory; replaced whole when any node adds or removes one.</summary>
internal sealed class KeyRing(Database database, RootKey root, TimeProvider time) : IFeedSubscriber
{
    /// <summary>The kind of change.</summary>
    public const string Kind = "key";

    private FrozenDictionary<string, Key[]>? _keys;

    /// <summary>The key that signs or encrypts now. Where a clock lags and no key's term has started yet, the first.</summary>
    /// <exception cref="StoreUnavailableException">The keys were never loaded.</exception>
    public Key Active(KeyPurpose purpose)
    {
        var keys = All(purpose);
        var now = time.GetUtcNow();
        for (var i = keys.Count - 1; i > 0; i--)
        {
            if (keys[i].Term.Starts <= now)
                return keys[i];
        }

        return keys[0];
    }

    /// <summary>Those to come, the active one, and those whose tokens may still live.</summary>
    /// <exception cref="StoreUnavailableException">The keys were never loaded.</exception>
    public IReadOnlyList<Key> All(KeyPurpose purpose) =>
        Volatile.Read(ref _keys)?.GetValueOrDefault(purpose.Name) ?? throw new StoreUnavailableException("The keys are not loaded yet.");

    /// <summary>Null where there is none such, or no longer.</summary>
    public Key? Find(KeyPurpose purpose, long number) => All(purpose).FirstOrDefault(key => key.Term.Number == number);

    public void Drop() => Volatile.Write(ref _keys, null);

    public async Task LoadAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(KeyRow.AllAsync, cancellation);
        var keys = rows.Where(row => KeyPurpose.All.Any(purpose => purpose.Name == row.Purpose)).Select(row => (row.Purpose, Key: Open(row)));
        Volatile.Write(ref _keys, keys.GroupBy(pair => pair.Purpose).ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.Key).ToArray()));
    }

    public Task ApplyAsync(IReadOnlyList<Change> changes, CancellationToken cancellation) =>
        changes.Any(change => change.Kind == Kind) ? LoadAsync(cancellation) : Task.CompletedTask;

    private Key Open(KeyRow row)
    {
        var material = root.Open(row.Root, row.Name, row.Sealed)
            ?? throw new StoreUnavailableException($"The key {row.Name} does not open under this node's root key.");
        return Key.Load(KeyPurpose.All.Single(purpose => purpose.Name == row.Purpose), row.Id, row.Term, material);
    }
}
