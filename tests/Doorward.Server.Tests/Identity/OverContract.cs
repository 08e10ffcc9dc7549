using Doorward.Server.Identity;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Identity;

/// <summary>What was said to be over, for those who were not found when it was said.</summary>
public abstract class OverContract : SessionTest
{
    private const string Laptop = "corp/laptop";

    /// <summary>The steps of a statement's plan that read from the table, each with what it enters an index by.</summary>
    private protected abstract Task<IReadOnlyList<string>> PlanAsync(StoreConnection connection, string sql, object arguments);

    [Fact]
    public async Task It_is_known_as_long_as_a_session_is_open_that_it_was_said_of()
    {
        var room = await StartAsync(absolute: TimeSpan.FromDays(90));
        var session = await room.Sessions.SignInAsync(Ada(), Browser, former: null);
        await EndAsync(room, new SessionFilter { Providers = ["corp"], Devices = [Laptop] });

        await PassAsync(room, TimeSpan.FromDays(80));
        Assert.Equal(CallerKind.Refused, (await OnLaptopAsync(room, session)).Kind);

        await PassAsync(room, TimeSpan.FromDays(11));
        Assert.Equal(0, await CountAsync(room));
    }

    [Fact]
    public async Task It_is_known_for_thirty_days_to_those_who_are_about_to_sign_in()
    {
        var room = await StartAsync();
        await EndAsync(room, new SessionFilter { Persons = ["corp/ada"] });
        await PassAsync(room, TimeSpan.FromDays(29));
        await Assert.ThrowsAsync<SignInOverException>(() => room.Sessions.SignInAsync(Ada() with { AuthTime = Time.GetUtcNow().AddDays(-30) }, Browser, former: null));
        await PassAsync(room, TimeSpan.FromDays(2));
        Assert.Equal(0, await CountAsync(room));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("other", "other", false)]
    [InlineData("said", null, true)]
    [InlineData("said", "other", true)]
    [InlineData(null, "laptop", true)]
    [InlineData("both", "laptop", true)]
    [InlineData("both", null, true)]
    [InlineData("both", "other", false)]
    public async Task Who_signs_in_is_told_by_what_the_provider_names(string? session, string? device, bool over)
    {
        var room = await StartAsync();
        await EndAsync(room, new SessionFilter { Providers = ["corp"], ProviderSession = "said" }, new() { Providers = ["corp"], Devices = [Laptop] }, new() { Providers = ["corp"], ProviderSession = "both", Devices = [Laptop] });
        var said = Ada() with { ProviderSessionId = session, Device = device, AuthTime = Time.GetUtcNow().AddMinutes(-10) };
        if (over) await Assert.ThrowsAsync<SignInOverException>(() => room.Sessions.SignInAsync(said, Browser, former: null));
        else await room.Sessions.SignInAsync(said, Browser, former: null);
    }

    [Fact]
    public async Task A_sign_in_reads_what_was_said_by_the_key_while_everybody_waits_for_it()
    {
        var room = await StartAsync();
        await room.Node.Database.WriteAsync(async transaction =>
        {
            const string Numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)";
            await transaction.ExecuteAsync($"{Numbers} INSERT INTO session_ends (whose, provider_session, device, until) SELECT 'corp/', 's' || i, '', i FROM n");
            await transaction.ExecuteAsync($"{Numbers} INSERT INTO session_ends (whose, provider_session, device, until) SELECT 'corp/', '', 'corp/d' || i, i FROM n");
            await transaction.ExecuteAsync("ANALYZE session_ends");
        });
        var plan = await room.Node.Database.ReadAsync(connection => PlanAsync(connection, SessionEnds.Until, new { person = "corp/ada", anybody = "corp/", session = "s77", device = "corp/d77" }));
        // One of three reads all that was said of a person; the others would read all that was said of a provider's people.
        Assert.Equal(3, plan.Count);
        Assert.Equal(2, plan.Count(line => line.Contains("provider_session =", StringComparison.Ordinal) || line.Contains("provider_session=", StringComparison.Ordinal) || line.Contains("(device =", StringComparison.Ordinal)));
    }

    private new async Task PassAsync(Room room, TimeSpan by)
    {
        await base.PassAsync(room, by);
        await room.Sessions.PruneAsync(default);
    }

    private async Task EndAsync(Room room, params SessionFilter[] filters) => await room.Node.Database.WriteAsync(transaction => SessionStore.EndAsync(transaction, filters, "a test", Time.GetUtcNow()));

    private static async ValueTask<Caller> OnLaptopAsync(Room room, Session session) => await room.Devices.AddAsync(await room.Table.FindAgainAsync(session.Id, default), "laptop", default);

    private static Task<long> CountAsync(Room room) => room.Node.Database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM session_ends"));
}

public sealed class Over_on_SQLite : OverContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();

    private protected override async Task<IReadOnlyList<string>> PlanAsync(StoreConnection connection, string sql, object arguments) =>
        [.. (await connection.QueryAsync<Step>("EXPLAIN QUERY PLAN " + sql, arguments)).Select(step => step.Detail).Where(step => step.Contains("session_ends", StringComparison.Ordinal))];

    private sealed record Step
    {
        public string Detail { get; init; } = "";
    }
}

public sealed class Over_on_PostgreSQL : OverContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();

    private protected override async Task<IReadOnlyList<string>> PlanAsync(StoreConnection connection, string sql, object arguments) =>
        [.. (await connection.QueryAsync<string>("EXPLAIN " + sql, arguments)).Where(line => line.Contains("Index Cond", StringComparison.Ordinal) || line.Contains("Seq Scan", StringComparison.Ordinal))];
}
