using System.Runtime.CompilerServices;
using System.Text;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>What is asked of the records in the store. Null: whatever it is.</summary>
internal sealed record RecordQuery
{
    public string? Person { get; init; }

    public string? Route { get; init; }

    /// <summary>An outcome, or the word by which Doorward itself refused.</summary>
    public string? Outcome { get; init; }

    /// <summary>One reason code.</summary>
    public string? Reason { get; init; }

    public string? Kind { get; init; }

    public string? RequestId { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>The newest so many. Default 100.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>The records in the store.</summary>
internal sealed class RecordArchive(Database database)
{
    private const int PageRows = 5000;

    /// <summary>The newest records that match, newest first. Goes from day to day backwards, and stops when it has enough.</summary>
    public async Task<IReadOnlyList<ChainedRecord>> FindAsync(RecordQuery query, CancellationToken cancellation)
    {
        var found = new List<ChainedRecord>();
        foreach (var day in (await DaysAsync(cancellation)).Reverse())
        {
            if (found.Count >= query.Limit) break;
            var (sql, arguments) = Statement(query, day, query.Limit - found.Count);
            found.AddRange((await database.ReadAsync(store => store.QueryAsync<RecordRow>(sql, arguments), cancellation)).Select(row => row.ToRecord()));
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
                while (await next is { Count: > 0 } page)
                {
                    next = PageAsync(node, day, page[^1].Sequence, cancellation);
                    yield return page;
                }
            }
            finally
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<IReadOnlyList<ChainedRecord>> PageAsync(string node, long day, long behind, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(store => store.QueryAsync<RecordRow>(
            $"SELECT {RecordRow.Columns} FROM {DayTable.NameOf(day)} r JOIN audit_nodes n ON n.number = r.node WHERE n.node = @node AND r.sequence > @behind ORDER BY r.sequence LIMIT {PageRows}",
            new { node, behind }), cancellation);
        return [.. rows.Select(row => row.ToRecord())];
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

    private static (string Sql, object Arguments) Statement(RecordQuery query, long day, int limit)
    {
        var where = new StringBuilder("1 = 1");
        if (query.RequestId is not null) where.Append(" AND r.request = @request");
        if (query.Person is not null) where.Append(" AND r.person = @person");
        if (query.Route is not null) where.Append(" AND r.route = @route");
        if (query.Kind is not null) where.Append(" AND r.kind = @kind");
        if (query.Outcome is not null) where.Append(" AND r.outcome = @outcome");
        if (query.Reason is not null) where.Append(" AND r.reasons LIKE @reason");
        if (query.From is not null) where.Append(" AND r.at >= @from");
        if (query.To is not null) where.Append(" AND r.at < @to");
        return (
            $"SELECT {RecordRow.Columns} FROM {DayTable.NameOf(day)} r JOIN audit_nodes n ON n.number = r.node WHERE {where} ORDER BY r.at DESC, r.sequence DESC LIMIT {limit}",
            new
            {
                request = query.RequestId, person = query.Person, route = query.Route, kind = query.Kind, outcome = query.Outcome,
                // A code has no letter that LIKE takes for more than itself, but what is asked for may.
                reason = query.Reason is { } reason ? $"% {reason.Replace("%", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal)} %" : null,
                from = query.From?.ToUnixTimeMilliseconds(), to = query.To?.ToUnixTimeMilliseconds(),
            });
    }

    private sealed record ChainEnd(string Node, long Sequence, byte[] Chain);
}
