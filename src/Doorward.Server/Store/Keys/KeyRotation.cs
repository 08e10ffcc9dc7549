using Doorward.Policy;

namespace Doorward.Server.Store.Keys;

/// <summary>Makes the keys that are missing or due and removes those that are dead. Any node may do it at any time; two at once do it once.</summary>
internal sealed class KeyRotation(Database database, RootKey root, TimeProvider time)
{
    /// <summary>Far more often than the shortest lead, so that a failure or two do no harm.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Before the first use: null where every key of the store opens. Those sealed under a former root key are sealed anew.</summary>
    public async Task<Problem?> StartAsync(Place place, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(KeyRow.AllAsync, cancellation);
        if (rows.FirstOrDefault(row => !root.Knows(row.Root)) is { } foreign)
            return KeyProblems.OtherRoot(database.Name, root.Id, foreign.Root, place);
        if (rows.FirstOrDefault(row => root.Open(row.Root, row.Name, row.Sealed) is null) is { } altered)
            return KeyProblems.Altered(database.Name, altered.Name, place);
        foreach (var row in rows.Where(row => row.Root != root.Id))
            await SealAnewAsync(row, cancellation);
        await RunAsync(cancellation);
        return null;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(KeyRow.AllAsync, cancellation);
        foreach (var purpose in KeyPurpose.All)
        {
            var terms = rows.Where(row => row.Purpose == purpose.Name).Select(row => row.Term).ToList();
            var plan = KeyPlan.For(purpose, terms, time.GetUtcNow());
            if (!plan.IsNothing)
                await CarryOutAsync(purpose, plan, cancellation);
        }
    }

    /// <summary>
    /// Takes every key of a purpose out of use at once: after one may have leaked. What they signed is refused as soon as others look
    /// at the list of public keys again.
    /// </summary>
    public Task ReplaceAsync(KeyPurpose purpose, CancellationToken cancellation) => database.WriteAsync(async transaction =>
    {
        var newest = await transaction.FindAsync<long?>("SELECT max(number) FROM keys WHERE purpose = @Name", purpose) ?? 0;
        await transaction.ExecuteAsync("DELETE FROM keys WHERE purpose = @Name", purpose);
        await KeyRow.New(purpose, new(newest + 1, time.GetUtcNow()), root).InsertAsync(transaction);
        transaction.Changed(KeyRing.Kind, purpose.Name);
    }, cancellation);

    private async Task CarryOutAsync(KeyPurpose purpose, KeyPlan plan, CancellationToken cancellation) => await database.WriteAsync(async transaction =>
    {
        if (plan.Add is { } term)
            await KeyRow.New(purpose, term, root).InsertAsync(transaction);
        foreach (var number in plan.Remove)
            await transaction.ExecuteAsync("DELETE FROM keys WHERE purpose = @Name AND number = @number", new { purpose.Name, number });
        transaction.Changed(KeyRing.Kind, purpose.Name);
    }, cancellation);

    private async Task SealAnewAsync(KeyRow row, CancellationToken cancellation) => await database.WriteAsync(async transaction =>
    {
        var anew = root.Seal(row.Name, root.Open(row.Root, row.Name, row.Sealed));
        await transaction.ExecuteAsync(
            "UPDATE keys SET root = @root, sealed = @anew WHERE purpose = @Purpose AND number = @Number", new { root = root.Id, anew, row.Purpose, row.Number });
        transaction.Changed(KeyRing.Kind, row.Purpose);
    }, cancellation);
}
