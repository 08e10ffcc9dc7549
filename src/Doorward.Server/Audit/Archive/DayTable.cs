using System.Globalization;
using Doorward.Server.Store;
using Npgsql;
using NpgsqlTypes;

namespace Doorward.Server.Audit.Archive;

/// <summary>The table of one day's blocks. The day is that of the group, which never falls along a chain: a day dropped takes the chain's front.</summary>
internal static class DayTable
{
    private const string Columns = "node, first, last, count, at_from, at_to, chain, filter, records";

    public static long DayOf(ChainedRecord record) => (record.CommittedAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerDay;

    public static long DayOf(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerDay;

    public static string NameOf(long day) => string.Create(CultureInfo.InvariantCulture, $"audit_blocks_{day}");

    public static async Task CreateAsync(Transaction transaction, long day, string bytes)
    {
        var name = NameOf(day);
        // Nothing is changed, for which PostgreSQL would wait until nobody reads or copies the table.
        if (transaction.Raw is NpgsqlConnection && await transaction.FindAsync<bool>("SELECT to_regclass(@name) IS NOT NULL", new { name })) return;
        await transaction.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {name} (
                node bigint NOT NULL, first bigint NOT NULL, last bigint NOT NULL, count bigint NOT NULL, at_from bigint NOT NULL, at_to bigint NOT NULL,
                chain {bytes} NOT NULL, filter {bytes} NOT NULL, records {bytes} NOT NULL, PRIMARY KEY (node, last));
            CREATE INDEX IF NOT EXISTS {name}_at ON {name} (at_to, node, last);
            INSERT INTO audit_days (day) VALUES ({day}) ON CONFLICT (day) DO NOTHING
            """);
        // PostgreSQL would compress each block on its way in, with its slowest method and for every search again.
        if (transaction.Raw is NpgsqlConnection) await transaction.ExecuteAsync($"ALTER TABLE {name} ALTER COLUMN records SET STORAGE EXTERNAL, ALTER COLUMN filter SET STORAGE EXTERNAL");
    }

    public static async Task InsertAsync(Transaction transaction, long day, long node, IEnumerable<OpenBlock> blocks)
    {
        if (transaction.Raw is NpgsqlConnection connection)
        {
            await CopyAsync(connection, day, node, blocks, transaction.Deadline);
            return;
        }

        foreach (var block in blocks)
            await transaction.ExecuteAsync(
                $"INSERT INTO {NameOf(day)} ({Columns}) VALUES (@node, @First, @Last, @Count, @From, @To, @chain, @Filter, @records)",
                new { node, block.First, block.Last, block.Count, block.From, block.To, chain = block.Chain.ToArray(), block.Filter, records = block.Bytes.ToArray() });
    }

    private static async Task CopyAsync(NpgsqlConnection connection, long day, long node, IEnumerable<OpenBlock> blocks, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {NameOf(day)} ({Columns}) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var block in blocks)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var number in new[] { node, block.First, block.Last, block.Count, block.From, block.To }) await copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(block.Chain.ToArray(), NpgsqlDbType.Bytea, cancellation);
            await copy.WriteAsync(block.Filter, NpgsqlDbType.Bytea, cancellation);
            await copy.WriteAsync(block.Bytes, NpgsqlDbType.Bytea, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }
}
