using Doorward.Server.Store;

namespace Doorward.Server.Identity.Directory;

/// <summary>What one source tells of one person.</summary>
internal sealed record DirectoryRow
{
    /// <summary>The source of what administrators say.</summary>
    public const string Admin = "admin";

    private const string Columns = "source, person, name, email, active, end_date AS EndDate, groups, attributes, at";

    public string Source { get; init; } = "";
    public string Person { get; init; } = "";
    public string? Name { get; init; }
    public string? Email { get; init; }
    public long Active { get; init; } = 1;
    public long? EndDate { get; init; }
    public string? Groups { get; init; }
    public string Attributes { get; init; } = "{}";
    public long At { get; init; }

    /// <summary>What every source tells of a person, in the order of their names.</summary>
    public static Task<IReadOnlyList<DirectoryRow>> OfAsync(StoreConnection connection, string person) =>
        connection.QueryAsync<DirectoryRow>($"SELECT {Columns} FROM directory WHERE person = @person ORDER BY source", new { person });

    /// <summary>What every source tells of these people, in the order of the sources' names.</summary>
    public static async Task<IReadOnlyList<DirectoryRow>> OfAllAsync(StoreConnection connection, IReadOnlyList<string> persons)
    {
        var found = new List<DirectoryRow>();
        foreach (var chunk in persons.Chunk(Listed.Most))
        {
            var (listed, arguments) = Listed.Of(chunk);
            found.AddRange(await connection.QueryAsync<DirectoryRow>($"SELECT {Columns} FROM directory WHERE person IN {listed} ORDER BY source", arguments));
        }
        return found;
    }

    public static Task<DirectoryRow?> FindAsync(StoreConnection connection, string source, string person) =>
        connection.FindAsync<DirectoryRow>($"SELECT {Columns} FROM directory WHERE source = @source AND person = @person", new { source, person });

    /// <summary>Keeps them all, in the order in which everybody locks them; each stands for another person or source.</summary>
    public static Task KeepAsync(Transaction transaction, IReadOnlyList<DirectoryRow> rows) => transaction.ExecuteRowsAsync(
        $"""
        INSERT INTO directory (source, person, name, email, active, end_date, groups, attributes, at)
        SELECT c0, c1, c2, c3, CAST(c4 AS bigint), CAST(c5 AS bigint), c6, c7, {transaction.Now} FROM {transaction.Rows(8)} WHERE true ORDER BY row
        ON CONFLICT (source, person) DO UPDATE SET name = excluded.name, email = excluded.email, active = excluded.active, end_date = excluded.end_date,
            groups = excluded.groups, attributes = excluded.attributes, at = excluded.at
        """,
        rows.OrderBy(row => row.Person, StringComparer.Ordinal).ThenBy(row => row.Source, StringComparer.Ordinal)
            .Select(row => new object?[] { row.Source, row.Person, row.Name, row.Email, row.Active, row.EndDate, row.Groups, row.Attributes }));
}
