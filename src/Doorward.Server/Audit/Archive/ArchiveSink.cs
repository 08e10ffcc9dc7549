using System.Collections.Concurrent;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// Brings records into the store. How far it is stands there too, and moves in the transaction that writes the records: after a
/// broken connection or a restart nothing is missing and nothing there twice.
/// </summary>
internal sealed class ArchiveSink(Database database) : IRecordSink
{
    /// <summary>Records in one transaction: SQLite has one writer, and a revocation must not wait longer for it than a few hundredths of a second.</summary>
    private const int PerTransaction = 1024;

    private readonly ConcurrentDictionary<long, bool> _days = [];

    public string Name => "store";

    public async Task<long?> TakenAsync(string node, CancellationToken cancellation)
    {
        _days.Clear();
        return await database.ReadAsync(
            async store => await store.FindAsync<long?>("SELECT sequence FROM audit_nodes WHERE node = @node", new { node }) ?? 0, cancellation);
    }

    public async Task TakeAsync(IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        foreach (var sameDay in records.Chunk(PerTransaction).SelectMany(chunk => chunk.GroupBy(record => (record.Node, Day: DayTable.DayOf(record)))))
        {
            var day = sameDay.Key.Day;
            if (!_days.ContainsKey(day))
            {
                await database.WriteAsync(transaction => DayTable.CreateAsync(transaction, day, database.BytesType), cancellation);
                _days[day] = true;
            }
            await database.WriteAsync(transaction => AddAsync(transaction, day, [.. sameDay]), cancellation);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task AddAsync(Transaction transaction, long day, IReadOnlyList<ChainedRecord> records)
    {
        var node = await ChainRow.TakeAsync(transaction, records[0].Node);
        var missing = records.Where(record => record.Sequence > node.Sequence).Select(record => new ArchivedRecord(record)).ToList();
        if (missing.Count == 0) return;
        var last = missing[^1].Record;
        while (await TakeLastAsync(transaction, day, node, last.Node, missing) is { } earlier) missing.InsertRange(0, earlier);
        await DayTable.InsertAsync(transaction, day, node.Number, OpenBlock.Of(missing));
        await transaction.ExecuteAsync(
            "UPDATE audit_nodes SET sequence = @Sequence, chain = @chain WHERE number = @Number",
            new { last.Sequence, chain = last.Chain.ToArray(), node.Number });
    }

    /// <summary>Takes the chain's last block of the day out of the store, where it is small enough to be written anew with what follows, and whole.</summary>
    private static async Task<IReadOnlyList<ArchivedRecord>?> TakeLastAsync(Transaction transaction, long day, ChainRow node, string name, IReadOnlyList<ArchivedRecord> following)
    {
        var table = DayTable.NameOf(day);
        if (await transaction.FindAsync<LastBlock>($"SELECT last AS Last, count AS Count, CAST(length(records) AS bigint) AS Bytes FROM {table} WHERE node = @Number ORDER BY last DESC LIMIT 1", new { node.Number }) is not { } block) return null;
        if (!OpenBlock.Absorbs(following, block.Count, block.Bytes)) return null;
        var records = RecordBlock.Read(name, await transaction.FindAsync<byte[]>($"SELECT records FROM {table} WHERE node = @Number AND last = @Last", new { node.Number, block.Last }));
        // What cannot be read stays as it is: it is evidence.
        if (records.Count != block.Count) return null;
        await transaction.ExecuteAsync($"DELETE FROM {table} WHERE node = @Number AND last = @Last", new { node.Number, block.Last });
        return records;
    }

    private sealed record LastBlock(long Last, long Count, long Bytes);
}

/// <summary>A chain's row in the store.</summary>
internal sealed record ChainRow(long Number, long Sequence)
{
    /// <summary>The row, locked until the transaction ends; made where there is none.</summary>
    public static async Task<ChainRow> TakeAsync(Transaction transaction, string node)
    {
        var sql = $"SELECT number AS Number, sequence AS Sequence FROM audit_nodes WHERE node = @node{transaction.ForUpdate}";
        if (await transaction.FindAsync<ChainRow>(sql, new { node }) is { } found) return found;
        await transaction.ExecuteAsync(
            "INSERT INTO audit_nodes (node, number, sequence, chain) VALUES (@node, (SELECT coalesce(max(number), 0) + 1 FROM audit_nodes), 0, @chain) ON CONFLICT (node) DO NOTHING",
            new { node, chain = Array.Empty<byte>() });
        return (await transaction.FindAsync<ChainRow>(sql, new { node }))!;
    }
}
