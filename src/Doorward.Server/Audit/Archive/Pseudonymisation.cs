using System.Security.Cryptography;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// Takes a person out of the records in the store: their parts with the salts go, what the chain holds of them stays, and the
/// records carry one new name, so that what one person did can still be told apart.
/// </summary>
internal sealed class Pseudonymisation(Database database, RecordArchive archive)
{
    private const int HeadsAtOnce = 500;

    /// <summary>Runs through every day. Records that are still on their way into the store are not reached: run it again a minute later.</summary>
    /// <returns>The new name, and the number of records changed.</returns>
    /// <exception cref="DamagedBlockException">Some records cannot be read; those before them were changed.</exception>
    public async Task<(string Name, long Records)> RunAsync(string person, CancellationToken cancellation)
    {
        var name = $"pseudonym-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var records = 0L;
        foreach (var day in await archive.DaysAsync(cancellation))
        {
            foreach (var node in await database.ReadAsync(store => store.QueryAsync<long>($"SELECT DISTINCT node FROM {DayTable.NameOf(day)}"), cancellation))
                records += await RunAsync(day, node, person, name, cancellation);
        }
        return (name, records);
    }

    /// <summary>Block by block, each in a transaction of its own: as for the drain, a revocation must not wait long for SQLite's one writer.</summary>
    private async Task<long> RunAsync(long day, long node, string person, string name, CancellationToken cancellation)
    {
        ulong[] words = [BlockFilter.Word('p', person), BlockFilter.Word('o', person)];
        for (var (records, behind) = (0L, 0L); ;)
        {
            var heads = await database.ReadAsync(store => store.QueryAsync<Head>(
                $"SELECT last AS Last, filter AS Filter FROM {DayTable.NameOf(day)} WHERE node = @node AND last > @behind ORDER BY last LIMIT {HeadsAtOnce}", new { node, behind }), cancellation);
            if (heads.Count == 0) return records;
            foreach (var head in heads.Where(head => Array.Exists(words, word => BlockFilter.MayHave(head.Filter, word))))
                records += (await database.WriteAsync(transaction => TakeOutAsync(transaction, day, node, head.Last, person, name), cancellation)).Value;
            behind = heads[^1].Last;
        }
    }

    private static async Task<int> TakeOutAsync(Transaction transaction, long day, long node, long last, string person, string name)
    {
        // Keeps the drain away, which may have made it part of a larger block since.
        var chain = await transaction.FindAsync<string>($"SELECT node FROM audit_nodes WHERE number = @node{transaction.ForUpdate}", new { node });
        var row = await transaction.FindAsync<Row>($"SELECT last AS Last, count AS Count, records AS Records FROM {DayTable.NameOf(day)} WHERE node = @node AND last >= @last ORDER BY last LIMIT 1", new { node, last });
        if (chain is null || row is null) return 0;
        var (records, changed) = (RecordBlock.Read(chain, row.Records), 0);
        for (var i = 0; i < records.Count; i++)
        {
            var taken = TakeOut(records[i], person, name);
            if (taken == records[i]) continue;
            records[i] = taken;
            changed++;
        }

        // Who stands in what cannot be read is not known: nobody is told that they are taken out.
        if (records.Count != row.Count) throw new DamagedBlockException(chain, row.Last);
        if (changed == 0) return 0;
        var block = new OpenBlock(records);
        await transaction.ExecuteAsync(
            $"UPDATE {DayTable.NameOf(day)} SET filter = @Filter, records = @records WHERE node = @node AND last = @Last",
            new { node, row.Last, block.Filter, records = block.Bytes.ToArray() });
        return changed;
    }

    private static ArchivedRecord TakeOut(ArchivedRecord archived, string person, string name)
    {
        if (archived.Person == person) archived = archived with { Record = archived.Record with { Who = archived.Record.Who.WithoutText }, WhoName = name };
        if (archived.OtherPerson == person) archived = archived with { Record = archived.Record with { Other = archived.Record.Other.WithoutText }, OtherName = name };
        return archived;
    }

    private sealed record Head(long Last, byte[] Filter);

    private sealed record Row(long Last, long Count, byte[] Records);
}

/// <summary>Records in the store cannot be read any more.</summary>
internal sealed class DamagedBlockException(string node, long last) : Exception($"Records of {node} up to {last} cannot be read.");
