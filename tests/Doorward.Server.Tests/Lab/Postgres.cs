using Npgsql;

namespace Doorward.Server.Tests.Lab;

/// <summary>
/// A real PostgreSQL, private to this test run: one cluster, started when first asked for, and a new empty database for each test
/// that wants one. Where PostgreSQL is missing the test fails; it is never skipped.
/// </summary>
internal static class Postgres
{
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(PostgresCluster.StartAsync);
    private static int _databases;

    /// <summary>A connection string for a new, empty database.</summary>
    public static async Task<string> NewDatabaseAsync() => await (await Shared.Value).NewDatabaseAsync($"test{Interlocked.Increment(ref _databases)}");

    /// <summary>Runs SQL that no product code would, such as dropping a database.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
