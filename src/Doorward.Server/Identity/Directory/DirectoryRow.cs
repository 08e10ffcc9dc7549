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
    public static Task<IReadOnlyList<DirectoryRow>> OfAllAsync(StoreConnection connection, IReadOnlyList<string> persons)
    {
        var (listed, arguments) = Listed.Of(persons);
        return connection.QueryAsync<DirectoryRow>($"SELECT {Columns} FROM directory WHERE person IN {listed} ORDER BY source", arguments);
    }

    public static Task<DirectoryRow?> FindAsync(StoreConnection connection, string source, string person) =>
        connection.FindAsync<DirectoryRow>($"SELECT {Columns} FROM directory WHERE source = @source AND person = @person", new { source, person });

    public Task<int> KeepAsync(Transaction transaction) => transaction.ExecuteAsync(
        $"""
        INSERT INTO directory (source, person, name, email, active, end_date, groups, attributes, at)
        VALUES (@Source, @Person, @Name, @Email, @Active, @EndDate, @Groups, @Attributes, {transaction.Now})
        ON CONFLICT (source, person) DO UPDATE SET name = @Name, email = @Email, active = @Active, end_date = @EndDate, groups = @Groups, attributes = @Attributes, at = {transaction.Now}
        """,
        this);
}
