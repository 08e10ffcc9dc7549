using System.Net;
using System.Text.Json.Nodes;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;
using Npgsql;

namespace Doorward.Server.Tests.Live;

/// <summary>Whatever tells of the same people at once waits for each other in one order, and never in a circle.</summary>
public sealed class SignalOrderTests
{
    private const int Rounds = 40;

    private static readonly string[] _people = ["ada", "bob", "cyd"];

    [Fact]
    public async Task Signals_sign_ins_and_refreshes_of_the_same_people_at_once_do_not_deadlock()
    {
        var connection = await Postgres.NewDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(connection).Database;
        // Found at once, so that whoever waits in a circle is not let out by the store's deadline first.
        await Postgres.ExecuteAsync(connection, $"ALTER DATABASE {database} SET deadlock_timeout = '5ms'");
        await using (var lab = await SignalDoor.StartAsync(postgres: connection))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Rounds * _people.Length), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await RoundAsync(lab, i));
        }

        // Each of its processes tells what it has counted when it goes.
        await Eventually.Holds(async () => await CountAsync(connection, $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'") == 0);
        Assert.Equal(0, await CountAsync(connection, $"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database}'"));
    }

    private static async Task RoundAsync(SignalDoor lab, int i)
    {
        var person = _people[i % _people.Length];
        Session session = null!;
        await DoneAsync(async () => (session, _) = await lab.SignInAsync(person, sid: $"{person}-{i % 7}", device: $"d{i % 2}"));
        var subject = lab.Person(person);
        switch (i % 8)
        {
            case 0: await TellAsync(SignalDoor.Caep + "session-revoked", subject); break;
            case 1: await TellAsync(SignalDoor.Caep + "token-claims-change", subject, new() { ["claims"] = new JsonObject { ["groups"] = new JsonArray($"g{i}"), ["email_verified"] = false } }); break;
            case 2: await TellAsync(SignalDoor.Risc + "identifier-recycled", subject); break;
            case 3: await TellAsync(SignalDoor.Caep + "session-revoked", new() { ["format"] = "opaque", ["id"] = $"{person}-{i % 7}" }); break;
            case 4: await Eventually.Holds(async () => await lab.LogOutAsync(person, null) == HttpStatusCode.OK); break;
            case 5: await TellAsync(SignalDoor.Caep + "session-revoked", new() { ["format"] = "complex", ["device"] = new JsonObject { ["format"] = "opaque", ["id"] = "d1" } }); break;
            case 6: await TellAsync(SignalDoor.Risc + (i % 16 == 6 ? "account-disabled" : "account-enabled"), subject); break;
            default: await TellAsync(SignalDoor.Framework + "stream-updated", new() { ["format"] = "opaque", ["id"] = "stream" }, new() { ["status"] = "enabled" }); break;
        }
        await RefreshAsync(lab, session, person, i);

        Task TellAsync(string type, JsonObject about, JsonObject? body = null) => Eventually.Holds(async () => await lab.TellAsync(type, about, body) == (HttpStatusCode.Accepted, null));
    }

    private static async Task RefreshAsync(SignalDoor lab, Session session, string person, int i)
    {
        var said = LiveDoor.Said(person, $"refreshed-{i}");
        var due = new DueRefresh(session.Id, session.PersonId, said.Tokens) { Version = 1, SessionVersion = session.Version };
        await DoneAsync(() => lab.Sessions.RefreshedAsync(due, said));
        if (i % 3 == 0) await DoneAsync(() => lab.Sessions.SignInAsync(said, new Browser("127.0.0.1", "a test"), session.Id));
        if (i % 5 == 0) await DoneAsync(() => lab.Sessions.EndAllAsync(session.PersonId));
    }

    // The store answers within its deadline or not at all, and then whoever asked asks again.
    private static Task DoneAsync(Func<Task> act) => Eventually.Holds(async () =>
    {
        try
        {
            await act();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    });

    private static async Task<long> CountAsync(string connection, string sql)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(connection) { Database = "postgres", Pooling = false };
        await using var source = NpgsqlDataSource.Create(maintenance);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
