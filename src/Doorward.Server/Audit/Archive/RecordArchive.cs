using System.Runtime.CompilerServices;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>The records in the store.</summary>
internal sealed class RecordArchive(Database database)
{
    private const int PageBlocks = 16;

    /// <summary>The newest records that match, newest first. Goes from day to day backwards, and stops when it has enough.</summary>
    public async Task<IReadOnlyList<ChainedRecord>> FindAsync(RecordQuery query, CancellationToken cancellation)
    {
        var found = new List<ChainedRecord>();
        // A record is of the day on which it was written, or of the one before.
        var first = query.From is { } from ? DayTable.DayOf(from) - 1 : long.MinValue;
        foreach (var day in (await DaysAsync(cancellation)).Where(day => day >= first).Reverse())
        {
            // A request has one decision, and nothing of it is older.
            if (found.Count >= query.Limit || (query.RequestId is not null && found.Exists(record => RecordColumns.Of(record).Kind == "decision"))) break;
            found.AddRange(await new BlockSearch(database, query, query.Limit - found.Count).RunAsync(day, cancellation));
        }
        return found;
    }

    /// <summary>Every record of a chain, in its order, a page at a time, the next read while the last is worked on; of whole days, where days are named.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ChainedRecord>> ReadChainAsync(
        string node, [EnumeratorCancellation] CancellationToken cancellation, long firstDay = long.MinValue, long lastDay = long.MaxValue)
    {
        foreach (var day in (await DaysAsync(cancellation)).Where(day => day >= firstDay && day <= lastDay))
        {
            var next = PageAsync(node, day, behind: 0, cancellation);
            try
            {
                while (await next is { Last: > 0 } page)
                {
                    next = PageAsync(node, day, page.Last, cancellation);
                    yield return page.Records;
                }
            }
            finally
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The next blocks; zero, for the last one's place, where there are no more.</summary>
    private async Task<(long Last, IReadOnlyList<ChainedRecord> Records)> PageAsync(string node, long day, long behind, CancellationToken cancellation)
    {
        var blocks = await database.ReadAsync(store => store.QueryAsync<BlockRow>(
            $"""
            SELECT b.last AS Last, b.records AS Records FROM {DayTable.NameOf(day)} b JOIN audit_nodes n ON n.number = b.node
            WHERE n.node = @node AND b.last > @behind ORDER BY b.last LIMIT {PageBlocks}
            """, new { node, behind }), cancellation);
        // The block read last may have grown since, and come again with what was read.
        var records = blocks.SelectMany(block => RecordBlock.Read(node, block.Records)).Select(archived => archived.Record);
        return (blocks is [.., var last] ? last.Last : 0, [.. records.Where(record => record.Sequence > behind)]);
    }

    /// <summary>How far each chain is in the store.</summary>
    public async Task<IReadOnlyList<ChainPoint>> ChainsAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(store => store.QueryAsync<ChainEnd>("SELECT node AS Node, sequence AS Sequence, chain AS Chain FROM audit_nodes ORDER BY node"), cancellation);
        return [.. rows.Select(row => new ChainPoint(row.Node, row.Sequence, row.Chain.Length == Hash.Bytes ? new Hash(row.Chain) : default))];
    }

    /// <summary>How far one chain is; null where there is none of this name.</summary>
    public static async Task<ChainPoint?> ChainAsync(StoreConnection store, string node) =>
        await store.FindAsync<ChainEnd>("SELECT node AS Node, sequence AS Sequence, chain AS Chain FROM audit_nodes WHERE node = @node", new { node }) is { } end
            ? new(end.Node, end.Sequence, end.Chain.Length == Hash.Bytes ? new Hash(end.Chain) : default)
            : null;

    /// <summary>The days that have records, oldest first.</summary>
    public Task<IReadOnlyList<long>> DaysAsync(CancellationToken cancellation) =>
        database.ReadAsync(store => store.QueryAsync<long>("SELECT day FROM audit_days ORDER BY day"), cancellation);

    private sealed record BlockRow(long Last, byte[] Records);

    private sealed record ChainEnd(string Node, long Sequence, byte[] Chain);
}
