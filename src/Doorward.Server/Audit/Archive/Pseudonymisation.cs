using System.Security.Cryptography;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// Takes a person out of the records in the store: their parts with the salts go, what the chain holds of them stays, and the
/// records carry one new name, so that what one person did can still be told apart.
/// </summary>
internal sealed class Pseudonymisation(Database database, RecordArchive archive)
{
    /// <summary>Rows in one transaction: as for the drain, a revocation must not wait long for SQLite's one writer.</summary>
    private const int PerTransaction = 500;

    /// <summary>Runs through every day. Records that are still on their way into the store are not reached: run it again a minute later.</summary>
    /// <returns>The new name, and the number of records changed.</returns>
    public async Task<(string Name, long Records)> RunAsync(string person, CancellationToken cancellation)
    {
        var name = $"pseudonym-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var records = 0L;
        foreach (var day in await archive.DaysAsync(cancellation))
        {
            records += await RunAsync(day, "who", "person", person, name, cancellation);
            records += await RunAsync(day, "other", "other_person", person, name, cancellation);
        }
        return (name, records);
    }

    private async Task<long> RunAsync(long day, string part, string column, string person, string name, CancellationToken cancellation)
    {
        for (var records = 0L; ;)
        {
            var changed = await database.WriteAsync(transaction => TakeOutAsync(transaction, DayTable.NameOf(day), part, column, person, name), cancellation);
            records += changed.Value;
            if (changed.Value < PerTransaction) return records;
        }
    }

    private static async Task<int> TakeOutAsync(Transaction transaction, string table, string part, string column, string person, string name)
    {
        var rows = await transaction.QueryAsync<PartRow>(
            $"SELECT node AS Node, sequence AS Sequence, {part} AS Text, {part}_salt AS Salt FROM {table} WHERE {column} = @person LIMIT {PerTransaction}", new { person });
        foreach (var row in rows)
        {
            var taken = row.Text is null || row.Salt is null ? null : ChainHead.Commitment(row.Salt, row.Text).ToArray();
            await transaction.ExecuteAsync(
                $"UPDATE {table} SET {column} = @name, {part} = NULL, {part}_salt = NULL, {part}_taken = coalesce(@taken, {part}_taken) WHERE node = @Node AND sequence = @Sequence",
                new { name, taken, row.Node, row.Sequence });
        }
        return rows.Count;
    }

    private sealed record PartRow(long Node, long Sequence, byte[]? Text, byte[]? Salt);
}
