using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Versioning;
using Doorward.Policy;
using Doorward.Server.Store;
using Doorward.Server.Tests.Lab;
using Microsoft.Data.Sqlite;

namespace Doorward.Server.Tests.Store;

/// <summary>What is particular to a store in one file.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly SqliteLab _lab = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_second_process_refuses_and_says_who_holds_the_store()
    {
        await _lab.OpenAsync();

        var problem = Refused();

        Assert.Equal("DW3002", problem.Id);
        Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_whose_holder_was_killed_opens_again()
    {
        await _lab.OpenAsync();
        await _lab.CloseAsync();
        // As another process would: it takes the lock that the operating system frees when a process dies.
        using var holder = Process.Start("flock", [$"{_lab.Options.Sqlite}.lock", "sleep", "600"]);
        await Eventually.Holds(() => Task.FromResult(IsHeld()));

        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync();

        await Eventually.Holds(() => Task.FromResult(!IsHeld()));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Nobody_else_can_read_the_file()
    {
        var database = await _lab.OpenAsync();
        await database.WriteAsync(transaction => transaction.ExecuteAsync("CREATE TABLE written (id text)"));

        Assert.All(Directory.GetFiles(_lab.Folder, "doorward.db*").Where(file => !file.EndsWith(".pid", StringComparison.Ordinal)), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_connection_keeps_no_command_that_has_been_answered()
    {
        var database = await _lab.OpenAsync();

        var kept = await database.WriteAsync(async transaction =>
        {
            for (var i = 0; i < 10; i++)
            {
                await transaction.FindAsync<long>("SELECT 1");
                await transaction.QueryAsync<long, long>("SELECT 1; SELECT 2");
            }
            return ((ICollection)typeof(SqliteConnection).GetField("_commands", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(transaction.Raw)!).Count;
        });

        Assert.Equal(0, kept.Value);
    }

    [Fact]
    public async Task What_is_acknowledged_is_on_the_disk()
    {
        var database = await _lab.OpenAsync();

        // 2 is FULL: the log is flushed at each commit.
        Assert.Equal(2, (await database.WriteAsync(transaction => transaction.FindAsync<long>("PRAGMA synchronous"))).Value);
        Assert.Equal("wal", await database.ReadAsync(connection => connection.FindAsync<string>("PRAGMA journal_mode")));
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        var database = await _lab.OpenAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => database.ReadAsync(connection => connection.ExecuteAsync("UPDATE feed SET epoch = 99")));

        Assert.Equal(1, await database.ReadAsync(connection => connection.FindAsync<long>("SELECT epoch FROM feed")));
    }

    [Fact]
    public void What_is_no_database_is_a_problem()
    {
        File.WriteAllText(_lab.Options.Sqlite!, new string('x', 4096));

        Assert.Equal("DW3003", Refused().Id);
    }

    [Fact]
    public void A_place_where_nothing_can_be_written_is_a_problem()
    {
        Assert.Equal("DW3003", Refused(_lab.Options with { Sqlite = "/proc/nowhere/doorward.db" }).Id);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a.db", "Host=db")]
    public void Exactly_one_store_is_stated(string? sqlite, string? postgres)
    {
        Assert.Equal("DW3001", Refused(_lab.Options with { Sqlite = sqlite, Postgres = postgres }).Id);
    }

    private Problem Refused(StoreOptions? options = null)
    {
        var problems = new List<Problem>();
        Assert.Null(Database.Open(options ?? _lab.Options, TimeProvider.System, problems));
        return Assert.Single(problems);
    }

    private bool IsHeld()
    {
        using var held = LockFile.Take(_lab.Options.Sqlite!);
        return held is null;
    }
}
