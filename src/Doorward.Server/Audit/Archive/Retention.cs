using System.Globalization;
using Doorward.Server.Store;

namespace Doorward.Server.Audit.Archive;

/// <summary>
/// Drops whole days from the store. Before a day goes, a record says where each chain stood at its end: what is left verifies from
/// there, and nobody else can cut a chain's front off unseen.
/// </summary>
internal sealed class Retention(Database database, RecordArchive archive, AuditTrail trail, TimeProvider time)
{
    /// <summary>Drops the days that ended more than so many days ago.</summary>
    /// <returns>The number of days dropped.</returns>
    public async Task<int> RunAsync(int keepDays, CancellationToken cancellation)
    {
        var today = (long)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays;
        var due = (await archive.DaysAsync(cancellation)).Where(day => day < today - keepDays).ToList();
        foreach (var day in due)
        {
            foreach (var end in await EndsAsync(day, cancellation)) await TellAsync(day, end);
            // What vouches for the gap must outlive it.
            if (!await trail.FlushAsync()) return 0;
            await database.WriteAsync(async transaction =>
            {
                await transaction.ExecuteAsync($"DROP TABLE IF EXISTS {DayTable.NameOf(day)}");
                await transaction.ExecuteAsync("DELETE FROM audit_days WHERE day = @day", new { day });
            }, cancellation);
        }
        if (due.Count > 0) await ForgetChainsAsync(cancellation);
        return due.Count;
    }

    /// <summary>Nodes come and go: of one that has no record left, nothing is kept. One that still runs and writes again is counted anew.</summary>
    private async Task ForgetChainsAsync(CancellationToken cancellation)
    {
        var left = string.Join(" UNION ", (await archive.DaysAsync(cancellation)).Select(day => $"SELECT node FROM {DayTable.NameOf(day)}").DefaultIfEmpty("SELECT 0"));
        await database.WriteAsync(transaction => transaction.ExecuteAsync(
            $"DELETE FROM audit_nodes WHERE node <> @Node AND number NOT IN ({left})", new { trail.Node }), cancellation);
    }

    private Task<IReadOnlyList<DayEnd>> EndsAsync(long day, CancellationToken cancellation) => database.ReadAsync(store => store.QueryAsync<DayEnd>(
        $"""
        SELECT n.node AS Node, b.last AS Sequence, b.chain AS Chain FROM {DayTable.NameOf(day)} b JOIN audit_nodes n ON n.number = b.node
        WHERE b.last = (SELECT max(last) FROM {DayTable.NameOf(day)} m WHERE m.node = b.node)
        """), cancellation);

    private async Task TellAsync(long day, DayEnd end)
    {
        var written = await trail.Append(new EventRecord
        {
            Kind = EventKind.Audit,
            At = time.GetUtcNow(),
            Act = "retention",
            Details =
            [
                new("day", DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new("node", end.Node), new("sequence", end.Sequence.ToString(CultureInfo.InvariantCulture)), new("chain", Convert.ToHexStringLower(end.Chain)),
            ],
        });
        if (written == Appended.Refused) throw new IOException("The retention record could not be written; the day stays.");
    }

    private sealed record DayEnd(string Node, long Sequence, byte[] Chain);
}
