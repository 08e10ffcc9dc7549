using System.Diagnostics;
using Doorward.Policy;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Doorward.Server.Tests.Store;

/// <summary>What happens between several nodes and a PostgreSQL that breaks.</summary>
public sealed class PostgresFaultTests : IAsyncLifetime
{
    private readonly List<Database> _opened = [];
    private string _connection = "";
    private FaultProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = await Postgres.NewDatabaseAsync();
        _proxy = FaultProxy.Start(new NpgsqlConnectionStringBuilder(_connection).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        foreach (var database in _opened)
            await database.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_killed_between_commit_and_answer_writes_exactly_once(bool committed)
    {
        var database = await OpenAsync();
        await database.WriteAsync(transaction => transaction.ExecuteAsync("CREATE TABLE written (id text NOT NULL)"));
        // With the end of its text: BEGIN says READ COMMITTED.
        _proxy.CutOnce("COMMIT\0", committed);
        var attempts = 0;

        var position = await database.WriteAsync(async transaction =>
        {
            attempts++;
            transaction.Changed("session", "s1");
            await transaction.ExecuteAsync("INSERT INTO written (id) VALUES ('s1')");
        });

        Assert.Equal(1, position);
        Assert.Equal(committed ? 1 : 2, attempts);
        Assert.Equal(1, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM written")));
        Assert.Equal(1, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT last FROM feed")));
    }

    [Fact]
    public async Task A_connection_that_died_in_the_pool_is_replaced_unnoticed()
    {
        var database = await OpenAsync();
        _proxy.Reset();

        Assert.Equal(0, await database.ReadAsync(Last));
        _proxy.Reset();
        Assert.Equal(1, await database.WriteAsync(Change("s1")));
    }

    [Fact]
    public async Task A_statement_that_ran_often_survives_a_migration_that_changes_what_it_returns()
    {
        var database = await OpenAsync();
        await database.WriteAsync(transaction => transaction.ExecuteAsync("CREATE TABLE kept (value integer NOT NULL)"));
        await database.WriteAsync(transaction => transaction.ExecuteAsync("INSERT INTO kept (value) VALUES (7)"));
        for (var i = 0; i < 10; i++) Assert.Equal(7, await database.ReadAsync(Kept));
        Assert.True(await database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT value FROM kept%'")) > 0);

        await database.WriteAsync(transaction => transaction.ExecuteAsync("ALTER TABLE kept ALTER COLUMN value TYPE bigint"));

        Assert.Equal(7, await database.ReadAsync(Kept));

        static Task<long> Kept(StoreConnection connection) => connection.FindAsync<long>("SELECT value FROM kept");
    }

    [Fact]
    public async Task Without_listen_no_statement_is_kept_prepared()
    {
        var database = await OpenAsync(listen: false);
        for (var i = 0; i < 10; i++) Assert.Equal(0, await database.ReadAsync(Last));

        Assert.Equal(0, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(*) FROM pg_prepared_statements")));
    }

    [Fact]
    public async Task A_write_on_one_node_is_told_to_another_at_once()
    {
        var (writer, reader) = (await OpenAsync(), await OpenAsync());
        await using var node = NodeOn(reader);
        await Eventually.Holds(() => reader.IsNotified && node.Feed.Position == 0);
        await using var writing = NodeOn(writer);
        await Eventually.Holds(() => writer.IsNotified);

        await writer.WriteAsync(Change("s1"));

        // The clock stands still, so that nothing but the notification can have made it look.
        await Eventually.Holds(() => node.Feed.Position == 1);
    }

    [Fact]
    public async Task Without_listen_the_feed_looks_every_100_ms()
    {
        var (writer, reader) = (await OpenAsync(), await OpenAsync(listen: false));
        await using var node = NodeOn(reader);
        await Eventually.Holds(() => node.Feed.Position == 0);
        await writer.WriteAsync(Change("s1"));

        node.Time.Advance(TimeSpan.FromMilliseconds(70));
        Assert.False(reader.IsNotified);
        Assert.Equal(0, node.Feed.Position);
        await Eventually.Comes(node.Time, TimeSpan.FromMilliseconds(5), () => node.Feed.Position == 1);
    }

    [Fact]
    public async Task A_notification_that_never_arrives_costs_a_second()
    {
        var (writer, reader) = (await OpenAsync(direct: true), await OpenAsync());
        await using var writing = NodeOn(writer);
        await using var node = NodeOn(reader);
        await Eventually.Holds(() => writer.IsNotified && reader.IsNotified && node.Feed.Position == 0);

        _proxy.Mute("LISTEN");
        // Whoever begins to listen looks once: where that look is still under way, it sees the first.
        long written = 0;
        await Eventually.Holds(async () =>
        {
            written = await writer.WriteAsync(Change("revoked"));
            return node.Feed.Position < written;
        });
        node.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.Holds(() => node.Feed.Position == written);
    }

    [Fact]
    public async Task A_clock_that_is_far_from_the_stores_is_noticed()
    {
        await using var node = NodeOn(await OpenAsync(), run: false);
        node.Time.SetRight();
        await node.Feed.LookAsync();
        Assert.False(node.Feed.Skew.IsAlarming);

        node.Time.StepWallClock(TimeSpan.FromMinutes(-2));
        await node.Feed.LookAsync();

        Assert.True(node.Feed.Skew.IsAlarming);
        Assert.InRange(node.Feed.Skew.Current, TimeSpan.FromSeconds(-130), TimeSpan.FromSeconds(-110));
    }

    [Fact]
    public async Task A_node_cut_off_from_the_store_ages_and_then_catches_up()
    {
        var writer = await OpenAsync(direct: true);
        var reader = await OpenAsync();
        await using var node = NodeOn(reader);
        await Eventually.Holds(() => node.Feed.Position == 0 && !node.Freshness.IsStale);

        _proxy.Blackhole();
        await writer.WriteAsync(Change("revoked"));
        node.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(node.Freshness.IsStale);

        _proxy.Heal();
        _proxy.Reset();
        await Eventually.Comes(node.Time, TimeSpan.FromMilliseconds(200), () => node.Feed.Position == 1 && !node.Freshness.IsStale);
    }

    [Fact]
    public async Task While_the_store_hangs_callers_are_answered_within_their_deadline_and_soon_at_once()
    {
        var database = await OpenAsync();
        _proxy.Blackhole();

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<StoreUnavailableException>(() => database.ReadAsync(Last, TimeSpan.FromMilliseconds(100)));

        // One call each second is let through, and waits; on a busy machine that may be this one.
        await Eventually.Holds(async () =>
        {
            var watch = Stopwatch.StartNew();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => database.ReadAsync(Last));
            return watch.Elapsed < TimeSpan.FromSeconds(2);
        });
    }

    [Fact]
    public async Task A_store_that_vanishes_between_two_statements_keeps_nobody_waiting_for_longer_than_the_deadline()
    {
        var database = await OpenAsync();
        var vanished = new TaskCompletionSource<long>();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.ReadAsync(
            async connection =>
            {
                await Last(connection);
                _proxy.Blackhole();
                vanished.SetResult(Stopwatch.GetTimestamp());
                return await Last(connection);
            },
            TimeSpan.FromMilliseconds(500)));

        // The driver asks the server to cancel, and waits much longer for that.
        Assert.InRange(Stopwatch.GetElapsedTime(await vanished.Task), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_replica_is_not_believed()
    {
        var database = await OpenAsync();
        await Postgres.ExecuteAsync(_connection, $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(_connection).Database} SET default_transaction_read_only = on");
        _proxy.Reset();
        await using var node = NodeOn(database, run: false);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.Feed.LookAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.ReadAsync(Last));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.WriteAsync(transaction => transaction.FindAsync<long>("SELECT last FROM feed")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.WriteAsync(Change("s1")));
        Assert.True(node.Freshness.IsStale);
    }

    [Fact]
    public async Task What_the_store_itself_refuses_as_it_is_to_be_committed_is_tried_once_and_undone()
    {
        var database = await OpenAsync();
        var attempts = 0;

        await Assert.ThrowsAsync<PostgresException>(() => database.WriteAsync(transaction =>
        {
            attempts++;
            return Change("no text has a \0 in it")(transaction);
        }));

        Assert.Equal(1, attempts);
        Assert.Equal(1, await database.WriteAsync(Change("s1")));
    }

    [Fact]
    public async Task A_store_that_is_down_is_unavailable_and_not_a_problem()
    {
        var problems = new List<Problem>();
        var options = new StoreOptions { Postgres = "Host=127.0.0.1;Port=1;Username=x;Password=s3cret", RootKeyFile = "" };
        await using var database = Database.Open(options, TimeProvider.System, problems);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => database!.ReadAsync(Last));
        Assert.Empty(problems);
        Assert.DoesNotContain("s3cret", failure.ToString() + options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://ada:p%40ss@db.example.com:5433/door?sslmode=verify-full", "db.example.com", "p@ss")]
    [InlineData("Host=db.example.com;Port=5433;Username=ada;Password=p@ss;Database=door;SSL Mode=VerifyFull", "db.example.com", "p@ss")]
    public void Both_ways_to_write_a_connection_are_understood(string text, string host, string password)
    {
        var settings = Doorward.Server.Store.Postgres.PostgresConnectionString.Parse(text);

        Assert.Equal((host, 5433, "ada", password, "door", SslMode.VerifyFull), (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database, settings.SslMode));
    }

    [Theory]
    [InlineData("Host=db", true, 5, 64)]
    [InlineData("postgres://db/door", true, 5, 64)]
    [InlineData("Host=db", false, 5, 0)]
    [InlineData("Host=db;Timeout=9;Max Auto Prepare=0", true, 9, 0)]
    public void What_is_not_written_is_asked_for_all_the_same(string text, bool listen, int seconds, int prepared)
    {
        var settings = Doorward.Server.Store.Postgres.PostgresDatabase.SettingsOf(new StoreOptions { Postgres = text, Listen = listen });

        Assert.Equal((seconds, prepared), (settings.Timeout, settings.MaxAutoPrepare));
    }

    [Theory]
    [InlineData("postgres://ada:s3cret@/door")]
    [InlineData("postgres://ada:s3cret@db/door?what=s3cret")]
    [InlineData("Hots=db;Password=s3cret")]
    [InlineData("s3cret")]
    [InlineData("Database=door;Password=s3cret")]
    public void A_connection_that_is_not_understood_is_a_problem_that_tells_no_password(string text)
    {
        var problems = new List<Problem>();

        Assert.Null(Database.Open(new StoreOptions { Postgres = text, RootKeyFile = "" }, TimeProvider.System, problems));

        var problem = Assert.Single(problems);
        Assert.Equal("DW3004", problem.Id);
        Assert.DoesNotContain("s3cret", problem.ToString(), StringComparison.Ordinal);
    }

    private static Task<long> Last(StoreConnection connection) => connection.FindAsync<long>("SELECT last FROM feed");

    private static Func<Transaction, Task> Change(string key) => transaction =>
    {
        transaction.Changed("session", key);
        return Task.CompletedTask;
    };

    private static RunningNode NodeOn(Database database, bool run = true)
    {
        var node = new RunningNode(database);
        if (run)
            node.Run();
        return node;
    }

    private async Task<Database> OpenAsync(bool listen = true, bool direct = false)
    {
        var settings = new NpgsqlConnectionStringBuilder(_connection);
        if (!direct)
            settings.Port = _proxy.Port;
        var options = new StoreOptions { Postgres = settings.ConnectionString, RootKeyFile = "", Listen = listen };
        var database = Database.Open(options, TimeProvider.System, []);
        _opened.Add(database!);
        Assert.Null(await Schema.MigrateAsync(database!, options.Place, CancellationToken.None));
        return database!;
    }

    private sealed class RunningNode : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _running = Task.CompletedTask;

        public RunningNode(Database database)
        {
            Freshness = new(Time, TimeSpan.FromSeconds(10));
            Feed = new(database, Freshness, new Generation(), Time, NullLogger<ChangeFeed>.Instance);
        }

        public ManualTime Time { get; } = new();

        public Freshness Freshness { get; }

        public ChangeFeed Feed { get; }

        public void Run() => _running = Feed.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
            Feed.Dispose();
        }
    }
}
