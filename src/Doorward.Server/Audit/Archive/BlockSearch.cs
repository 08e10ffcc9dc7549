using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>Looks for records in a day's blocks, from the newest block backwards.</summary>
internal sealed class BlockSearch(Database database, RecordQuery query, int limit)
{
    private const int HeadsAtOnce = 500, BlocksAtOnce = 8;

    private static readonly Comparer<(long At, ChainedRecord Record)> _newestFirst =
        Comparer<(long At, ChainedRecord Record)>.Create((left, right) => (right.At, right.Record.Sequence).CompareTo((left.At, left.Record.Sequence)));

    private readonly ulong[] _words = query.Words();
    private readonly HashSet<(string Node, long Sequence)> _known = [];
    private readonly List<(long At, ChainedRecord Record)> _found = [];

    /// <summary>The newest records of the day that match, newest first.</summary>
    public async Task<IEnumerable<ChainedRecord>> RunAsync(long day, CancellationToken cancellation)
    {
        BlockHead? newest = null, behind = null;
        for (var more = true; more;)
        {
            var heads = await HeadsAsync(day, "<", behind, cancellation);
            more = await SearchAsync(day, heads, cancellation) && heads.Count == HeadsAtOnce;
            newest ??= heads is [var first, ..] ? first : null;
            // A small block that waited for its turn may have become part of one that is newer than the first.
            if (!more && behind is not null) await SearchAsync(day, await HeadsAsync(day, ">", newest, cancellation), cancellation);
            behind = heads is [.., var last] ? last : null;
        }

        return Found;
    }

    private IEnumerable<ChainedRecord> Found => _found.Select(found => found.Record);

    private Task<IReadOnlyList<BlockHead>> HeadsAsync(long day, string side, BlockHead? of, CancellationToken cancellation) => database.ReadAsync(store => store.QueryAsync<BlockHead>(
        $"""
        SELECT n.node AS Name, b.node AS Node, b.first AS First, b.last AS Last, b.at_to AS AtTo, b.filter AS Filter FROM {DayTable.NameOf(day)} b JOIN audit_nodes n ON n.number = b.node
        WHERE b.at_to >= @from AND b.at_from < @to {(of is null ? "" : $"AND (b.at_to, b.node, b.last) {side} (@AtTo, @Node, @Last)")}
        ORDER BY b.at_to DESC, b.node DESC, b.last DESC LIMIT {HeadsAtOnce}
        """,
        new { from = query.From?.ToUnixTimeMilliseconds() ?? long.MinValue, to = query.To?.ToUnixTimeMilliseconds() ?? long.MaxValue, of?.AtTo, of?.Node, of?.Last }), cancellation);

    /// <returns>Whether older blocks may have more.</returns>
    private async Task<bool> SearchAsync(long day, IReadOnlyList<BlockHead> heads, CancellationToken cancellation)
    {
        foreach (var few in heads.Where(head => Array.TrueForAll(_words, word => BlockFilter.MayHave(head.Filter, word))).Chunk(BlocksAtOnce))
        {
            // Blocks of several chains overlap in time, and records of one chain may stand a little out of order.
            if (_found.Count == limit && few[0].AtTo < _found[^1].At) return false;
            await OpenAsync(day, few, cancellation);
        }

        return true;
    }

    private async Task OpenAsync(long day, BlockHead[] heads, CancellationToken cancellation)
    {
        // A block may have become part of a larger one since.
        var table = DayTable.NameOf(day);
        var blocks = await database.ReadAsync(store => store.QueryAsync<Block>(string.Join(" UNION ALL ", heads.Select((head, i) =>
            $"SELECT CAST({i} AS bigint) AS Head, records AS Records FROM {table} WHERE node = {head.Node} AND last = (SELECT min(last) FROM {table} WHERE node = {head.Node} AND last >= {head.Last})"))), cancellation);
        var found = new List<(long At, ChainedRecord Record)>();
        foreach (var block in blocks)
        {
            var head = heads[(int)block.Head];
            foreach (var archived in RecordBlock.Read(head.Name, block.Records))
                if (archived.Record.Sequence >= head.First && archived.Record.Sequence <= head.Last && query.Matches(archived, out var at) && _known.Add((head.Name, archived.Record.Sequence)))
                    found.Add((at, archived.Record));
        }

        if (found.Count == 0) return;
        var least = _found.Count == limit ? _found[^1].At : long.MinValue;
        // Of what stays, copies: a record is a piece of its block, and would keep all of it.
        _found.AddRange(found.Where(one => one.At >= least).Select(one => (one.At, one.Record.Copied())));
        _found.Sort(_newestFirst);
        if (_found.Count > limit) _found.RemoveRange(limit, _found.Count - limit);
    }

    private sealed record BlockHead(string Name, long Node, long First, long Last, long AtTo, byte[] Filter);

    private sealed record Block(long Head, byte[] Records);
}
