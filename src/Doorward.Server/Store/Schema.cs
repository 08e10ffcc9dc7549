using System.Data.Common;
using Doorward.Policy;

namespace Doorward.Server.Store;

/// <summary>Brings the store to the newest schema that this Doorward knows. Nodes that start together wait for each other.</summary>
internal static class Schema
{
    /// <summary>Attempts at making the table of steps: two nodes that make it at once may disturb each other.</summary>
    private const int Attempts = 5;

    // Step 0 is the row that a starting node locks.
    private const string Steps = """
        CREATE TABLE IF NOT EXISTS migrations (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, needs bigint NOT NULL, at bigint NOT NULL);
        INSERT INTO migrations (number, name, needs, at) VALUES (0, '0000-none', 0, 0) ON CONFLICT (number) DO NOTHING
        """;

    /// <summary>Null where the store has a schema on which this Doorward can serve.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer; worth trying again.</exception>
    public static Task<Problem?> MigrateAsync(Database database, Place place, CancellationToken cancellation) =>
        MigrateAsync(database, Migration.All, place, cancellation);

    /// <param name="database">The store.</param>
    /// <param name="known">The steps that this Doorward knows.</param>
    /// <param name="place">Where the store is configured.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Problem?> MigrateAsync(Database database, IReadOnlyList<Migration> known, Place place, CancellationToken cancellation)
    {
        var step = Migration.All[0].Name;
        try
        {
            await MakeStepsAsync(database, cancellation);
            var refused = await database.WriteAsync(async transaction =>
            {
                await transaction.FindAsync<long>("SELECT number FROM migrations WHERE number = 0" + transaction.ForUpdate);
                var done = await transaction.QueryAsync<long>("SELECT number FROM migrations");
                var needs = await transaction.FindAsync<long>("SELECT max(needs) FROM migrations");
                if (needs > known[^1].Number)
                    return StoreProblems.NewerSchema(database.Name, done.Max(), needs, known[^1].Number, place);
                foreach (var migration in known.Where(migration => !done.Contains(migration.Number)))
                {
                    step = migration.Name;
                    await transaction.ExecuteAsync(migration.Sql.Replace("bytea", database.BytesType, StringComparison.Ordinal));
                    await transaction.ExecuteAsync(
                        $"INSERT INTO migrations (number, name, needs, at) VALUES (@number, @name, @needs, {transaction.Now})",
                        new { number = (long)migration.Number, name = migration.Name, needs = (long)migration.Needs });
                }

                return null;
            }, cancellation);
            return refused.Value;
        }
        catch (DbException e)
        {
            return StoreProblems.MigrationFailed(database.Name, step, e.Message, place);
        }
    }

    private static async Task MakeStepsAsync(Database database, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await database.WriteAsync(transaction => transaction.ExecuteAsync(Steps), cancellation);
                return;
            }
            catch (DbException) when (attempt < Attempts)
            {
            }
        }
    }
}
