using System.Globalization;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Store;
using Doorward.Server.Store.Sqlite;
using Microsoft.Data.Sqlite;
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

    public static Task InsertAsync(Transaction transaction, long day, long node, IReadOnlyList<ChainedRecord> records)
    {
        if (transaction.Raw is NpgsqlConnection connection) return CopyAsync(connection, day, node, records, transaction.Deadline);
        InsertEach((SqliteConnection)transaction.Raw, day, node, records, transaction.Deadline);
        return Task.CompletedTask;
    }

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

    /// <summary>Every request leaves two records, so that here each microsecond counts double.</summary>
    private static void InsertEach(SqliteConnection connection, long day, long node, IReadOnlyList<ChainedRecord> records, CancellationToken cancellation)
    {
        using var insert = new SqliteInsert(connection, $"INSERT INTO {NameOf(day)} ({Columns}) VALUES ({string.Join(", ", Columns.Split(", ").Select(column => $"@{column}"))})");
        Span<byte> hash = stackalloc byte[Hash.Bytes];
        foreach (var record in records)
        {
            cancellation.ThrowIfCancellationRequested();
            var columns = RecordColumns.Of(record);
            insert.Bind(1, node);
            insert.Bind(2, record.Sequence);
            insert.Bind(3, record.Committed);
            insert.Bind(4, columns.At);
            insert.Bind(5, columns.Kind);
            insert.Bind(6, columns.Request);
            insert.Bind(7, columns.Route);
            insert.Bind(8, columns.Outcome);
            insert.Bind(9, columns.Reasons);
            insert.Bind(10, columns.Person);
            insert.Bind(11, columns.OtherPerson);
            insert.Bind(12, record.Body.Span);
            Bind(insert, 13, record.Who);
            Bind(insert, 16, record.Other);
            record.Chain.CopyTo(hash);
            insert.Bind(19, hash);
            insert.Execute();
        }
    }

    /// <summary>Text, salt, and what is left where they were taken out.</summary>
    private static void Bind(SqliteInsert insert, int first, PersonalPart part)
    {
        if (part.Text.IsEmpty)
        {
            insert.BindNull(first);
            insert.BindNull(first + 1);
        }
        else
        {
            insert.Bind(first, part.Text.Span);
            insert.Bind(first + 1, part.Salt.Span);
        }

        if (part.TakenOut.IsZero) insert.BindNull(first + 2);
        else insert.Bind(first + 2, part.TakenOut.ToArray());
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
