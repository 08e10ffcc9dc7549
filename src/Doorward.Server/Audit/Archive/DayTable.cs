using System.Globalization;
using Doorward.Server.Store;
using Npgsql;
using NpgsqlTypes;

namespace Doorward.Server.Audit.Archive;

/// <summary>The table of one day's records. The day is that of the group, which never falls along a chain: a day dropped takes the chain's front.</summary>
internal static class DayTable
{
    private const string Columns = "node, sequence, committed, at, kind, request, route, outcome, reasons, person, other_person, body, who, who_salt, who_taken, other, other_salt, other_taken, chain";

    public static long DayOf(ChainedRecord record) => (record.CommittedAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerDay;

    public static string NameOf(long day) => string.Create(CultureInfo.InvariantCulture, $"audit_records_{day}");

    public static async Task CreateAsync(Transaction transaction, long day, string bytes)
    {
        var name = NameOf(day);
        await transaction.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {name} (
                node bigint NOT NULL, sequence bigint NOT NULL, committed bigint NOT NULL, at bigint NOT NULL, kind text NOT NULL,
                request text, route text, outcome text, reasons text, person text, other_person text,
                body {bytes} NOT NULL, who {bytes}, who_salt {bytes}, who_taken {bytes}, other {bytes}, other_salt {bytes}, other_taken {bytes},
                chain {bytes} NOT NULL, PRIMARY KEY (node, sequence));
            CREATE INDEX IF NOT EXISTS {name}_person ON {name} (person, at) WHERE person IS NOT NULL;
            CREATE INDEX IF NOT EXISTS {name}_other ON {name} (other_person) WHERE other_person IS NOT NULL;
            CREATE INDEX IF NOT EXISTS {name}_route ON {name} (route, at) WHERE route IS NOT NULL;
            CREATE INDEX IF NOT EXISTS {name}_request ON {name} (request) WHERE request IS NOT NULL;
            CREATE INDEX IF NOT EXISTS {name}_at ON {name} (at);
            INSERT INTO audit_days (day) VALUES ({day}) ON CONFLICT (day) DO NOTHING
            """);
    }

    public static Task InsertAsync(Transaction transaction, long day, long node, IReadOnlyList<ChainedRecord> records) =>
        transaction.Raw is NpgsqlConnection connection ? CopyAsync(connection, day, node, records, transaction.Deadline) : InsertEachAsync(transaction, day, node, records);

    private static async Task CopyAsync(NpgsqlConnection connection, long day, long node, IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {NameOf(day)} ({Columns}) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var record in records)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var value in Values(node, record))
            {
                switch (value)
                {
                    case long number: await copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellation); break;
                    case string text: await copy.WriteAsync(text, NpgsqlDbType.Text, cancellation); break;
                    case ReadOnlyMemory<byte> bytes: await copy.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellation); break;
                    default: await copy.WriteNullAsync(cancellation); break;
                }
            }
        }
        await copy.CompleteAsync(cancellation);
    }

    private static async Task InsertEachAsync(Transaction transaction, long day, long node, IReadOnlyList<ChainedRecord> records)
    {
        await using var insert = transaction.Prepare($"INSERT INTO {NameOf(day)} ({Columns}) VALUES ({string.Join(", ", Columns.Split(", ").Select(column => $"@{column}"))})");
        foreach (var column in Columns.Split(", "))
        {
            var parameter = insert.CreateParameter();
            parameter.ParameterName = $"@{column}";
            insert.Parameters.Add(parameter);
        }
        foreach (var record in records)
        {
            var i = 0;
            foreach (var value in Values(node, record))
                insert.Parameters[i++].Value = value switch { null => DBNull.Value, ReadOnlyMemory<byte> bytes => bytes.ToArray(), _ => value };
            await insert.ExecuteNonQueryAsync(transaction.Deadline);
        }
    }

    /// <summary>In the order of the columns.</summary>
    private static object?[] Values(long node, ChainedRecord record)
    {
        var columns = RecordColumns.Of(record);
        return
        [
            node, record.Sequence, record.Committed, columns.At, columns.Kind, columns.Request, columns.Route, columns.Outcome, columns.Reasons,
            columns.Person, columns.OtherPerson, record.Body, Text(record.Who), Salt(record.Who), Taken(record.Who),
            Text(record.Other), Salt(record.Other), Taken(record.Other), (ReadOnlyMemory<byte>)record.Chain.ToArray(),
        ];
    }

    private static ReadOnlyMemory<byte>? Text(PersonalPart part) => part.Text.IsEmpty ? null : part.Text;

    private static ReadOnlyMemory<byte>? Salt(PersonalPart part) => part.Text.IsEmpty ? null : part.Salt;

    private static ReadOnlyMemory<byte>? Taken(PersonalPart part) => part.TakenOut.IsZero ? null : part.TakenOut.ToArray();
}
