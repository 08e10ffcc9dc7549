using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;

namespace Doorward.Server.Tests.Store;

/// <summary>What every store must do.</summary>
public abstract class StoreContract : StoreTest
{
    [Fact]
    public async Task What_is_written_is_read()
    {
        var database = await Lab.OpenAsync();

        var written = await database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("CREATE TABLE things (id text NOT NULL PRIMARY KEY, bytes bytea, number bigint)");
            await transaction.ExecuteAsync("INSERT INTO things (id, bytes, number) VALUES (@id, @bytes, @number)", new { id = "ä", bytes = new byte[] { 0, 255 }, number = long.MaxValue });
            return "done";
        });

        Assert.Equal(new("done", 0), written);
        var thing = await database.ReadAsync(connection => connection.FindAsync<Thing>("SELECT id, bytes, number FROM things"));
        Assert.Equal("ä", thing!.Id);
        Assert.Equal([0, 255], thing.Bytes);
        Assert.Equal(long.MaxValue, thing.Number);
    }

    [Fact]
    public async Task Rows_that_travel_as_one_argument_arrive_as_they_were()
    {
        var database = await Lab.OpenAsync();
        string?[] texts = ["plain", null, "null", "12", "", "a \"quoted\" \\ back", "two\nlines", "ä 😀 \u2028", "'; DROP TABLE feed"];

        var rows = await database.ReadAsync(connection => connection.QueryAsync<Given>(
            $"SELECT row, c0 AS text, CAST(c1 AS bigint) AS number FROM {connection.Rows(2)} ORDER BY row",
            new { rows = Listed.Json(texts.Select((text, i) => new object?[] { text, i == 0 ? null : long.MaxValue - i })) }));

        Assert.Equal(texts.Select((text, i) => new Given { Row = i, Text = text, Number = i == 0 ? null : long.MaxValue - i }), rows);
    }

    [Fact]
    public async Task A_transaction_that_throws_leaves_nothing_behind()
    {
        var database = await Lab.OpenAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(async transaction =>
        {
            transaction.Changed("session", "s1");
            await transaction.ExecuteAsync("UPDATE feed SET epoch = 99");
            throw new InvalidOperationException("a fault");
        }));

        Assert.Equal(1, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT epoch FROM feed")));
        Assert.Equal(0, await LastAsync(database));
    }

    [Fact]
    public async Task Changes_are_numbered_without_gaps()
    {
        var database = await Lab.OpenAsync();

        var first = await WriteAsync(database, "a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(async transaction =>
        {
            await Changing(transaction, "lost");
            throw new InvalidOperationException("a fault");
        }));
        var second = await WriteAsync(database, [.. Enumerable.Range(0, 450).Select(i => $"b{i}")]);

        Assert.Equal(1, first);
        Assert.Equal(451, second);
        var ids = await database.ReadAsync(connection => connection.QueryAsync<long>("SELECT id FROM changes ORDER BY id"));
        Assert.Equal(Enumerable.Range(1, 451).Select(i => (long)i), ids);
    }

    [Fact]
    public async Task Fifty_writers_at_once_lose_nothing()
    {
        var database = await Lab.OpenAsync();

        var positions = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => WriteAsync(database, $"k{i}")));

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), positions.Order());
        Assert.Equal(50, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT count(DISTINCT key) FROM changes")));
    }

    [Fact]
    public async Task A_call_ends_when_its_caller_gives_up()
    {
        var database = await Lab.OpenAsync();
        using var cancellation = new CancellationTokenSource();

        var call = database.ReadAsync(async connection =>
        {
            await Task.Delay(Timeout.Infinite, connection.Deadline);
            return 0;
        }, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline_even_where_the_engine_hangs()
    {
        var database = await Lab.OpenAsync();
        var started = new TaskCompletionSource();

        var call = database.ReadAsync<int>(async _ =>
        {
            started.SetResult();
            await new TaskCompletionSource().Task;
            return 0;
        });
        await started.Task;
        Lab.Time.Advance(Lab.Options.Deadline);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
    }

    [Fact]
    public async Task The_stores_clock_is_in_milliseconds()
    {
        var database = await Lab.OpenAsync();

        var now = await database.ReadAsync(connection => connection.FindAsync<long>($"SELECT {connection.Now}"));

        var expected = Lab.WritersAreConcurrent ? TimeProvider.System.GetUtcNow() : Lab.Time.GetUtcNow();
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(now), expected.AddMinutes(-5), expected.AddMinutes(5));
    }

    private sealed record Thing(string Id, byte[] Bytes, long Number);

    private sealed record Given
    {
        public long Row { get; init; }
        public string? Text { get; init; }
        public long? Number { get; init; }
    }
}

public sealed class Store_on_SQLite : StoreContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Store_on_PostgreSQL : StoreContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
