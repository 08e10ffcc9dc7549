namespace Doorward.Tests.Commands;

public sealed class StoreTests : IDisposable
{
    private readonly TextFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_restored_store_begins_a_new_epoch_while_no_server_runs()
    {
        var file = _files.Write("doorward.yaml", """
            url: http://door.localhost:8080
            listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
            store: { sqlite: doorward.db }
            root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
            admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

            """);
        await using var server = await Executable.ServeAsync(file);
        var running = await CommandRun.Of("store", "restored", "--config", file);
        Assert.Equal(2, running.ExitCode);
        Assert.Contains("error DW3002: The store ", running.Error, StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());

        var restored = await CommandRun.Of("store", "restored", "--config", file);
        Assert.Equal(0, restored.ExitCode);
        Assert.StartsWith("The store's epoch is 2 now: every session of before has ended.\n", restored.Output, StringComparison.Ordinal);
        Assert.Equal(3, (await CommandRun.Of("store", "restored", "--config", file, "--json")).Json.GetProperty("epoch").GetInt32());
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_a_problem()
    {
        var file = _files.Write("doorward.yaml", """
            url: http://door.localhost:8080
            listeners: { insecure_http: "127.0.0.1:0", health: "127.0.0.1:0" }
            store: { postgres: "Host=127.0.0.1;Port=1;Database=doorward;Username=doorward;Password=not-to-be-told" }
            root_key: mTN4g9pdDuIzPsqU0uEYVdVZ0fDq0mxuUq0cLvUjZ3U=
            admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }

            """);
        var run = await CommandRun.Of("store", "restored", "--config", file);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error DW3003: The store PostgreSQL ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-told", run.Error, StringComparison.Ordinal);
    }
}
