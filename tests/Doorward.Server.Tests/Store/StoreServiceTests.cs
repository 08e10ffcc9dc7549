using Doorward.Policy;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Keys;
using Doorward.Server.Tests.Lab;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Doorward.Server.Tests.Store;

/// <summary>The store as a host runs it.</summary>
public sealed class StoreServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-host-").FullName;
    private readonly List<IHost> _hosts = [];

    private StoreOptions Sqlite => new() { Sqlite = Path.Combine(_folder, "doorward.db"), RootKeyFile = RootKeyFile };

    private string RootKeyFile => Path.Combine(_folder, "root.key");

    public ValueTask InitializeAsync()
    {
        RootKey.CreateFile(RootKeyFile);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_starts_signs_and_is_fresh()
    {
        var host = await StartAsync(Sqlite);

        Assert.Null(await Started(host));

        // Not in a moment: whoever is told that it has started asks at once.
        Assert.False(host.Services.GetRequiredService<Freshness>().IsStale);
        Assert.NotNull(host.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Assertion));
    }

    [Fact]
    public async Task After_a_stop_another_process_can_take_the_store_and_finds_what_was_there()
    {
        var first = await StartAsync(Sqlite);
        await Started(first);
        await Eventually.Holds(() => !first.Services.GetRequiredService<Freshness>().IsStale);
        var key = first.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Assertion).Id;
        await first.StopAsync();
        await ((IAsyncDisposable)first).DisposeAsync();
        _hosts.Clear();

        var second = await StartAsync(Sqlite);
        await Started(second);
        await Eventually.Holds(() => !second.Services.GetRequiredService<Freshness>().IsStale);

        Assert.Equal(key, second.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Assertion).Id);
    }

    [Fact]
    public async Task A_store_that_is_down_at_the_start_is_waited_for_and_nothing_is_fresh_meanwhile()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var connection = await cluster.NewDatabaseAsync("late");
        await cluster.StopAsync();
        var host = await StartAsync(new() { Postgres = connection, RootKeyFile = RootKeyFile });

        Assert.False(Started(host).IsCompleted);
        Assert.True(host.Services.GetRequiredService<Freshness>().IsStale);
        Assert.Throws<StoreUnavailableException>(() => host.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Assertion));

        await cluster.RunAsync();
        Assert.Null(await Started(host).WaitAsync(Eventually.Patience));
        await Eventually.Holds(() => !host.Services.GetRequiredService<Freshness>().IsStale);
    }

    [Fact]
    public async Task A_store_that_dies_and_comes_back_is_taken_up_again_by_itself()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var host = await StartAsync(new() { Postgres = await cluster.NewDatabaseAsync("mortal"), RootKeyFile = RootKeyFile, StalenessLimit = TimeSpan.FromSeconds(1) });
        var (database, feed, freshness) = Of(host);
        await Started(host);
        await Eventually.Holds(() => !freshness.IsStale);
        var before = await database.WriteAsync(Changed);

        await cluster.StopAsync();
        await Eventually.Holds(() => freshness.IsStale);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => database.WriteAsync(Changed));
        await cluster.RunAsync();

        await Eventually.Holds(() => !freshness.IsStale);
        Assert.Equal(before, feed.Position);
        Assert.Equal(before + 1, await database.WriteAsync(Changed));
    }

    [Fact]
    public async Task A_wrong_root_key_stops_the_server_with_a_problem()
    {
        var first = await StartAsync(Sqlite);
        await Started(first);
        await first.StopAsync();
        await ((IAsyncDisposable)first).DisposeAsync();
        _hosts.Clear();
        File.Delete(RootKeyFile);
        RootKey.CreateFile(RootKeyFile);

        var second = await StartAsync(Sqlite);

        Assert.Equal("DW3013", (await Started(second))!.Id);
        await Eventually.Holds(() => second.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public void Problems_of_the_root_key_are_told_before_the_store_is_touched()
    {
        var problems = new List<Problem>();

        Assert.Null(new ServiceCollection().AddStore(Sqlite with { RootKeyFile = Path.Combine(_folder, "missing.key") }, TimeProvider.System, problems));

        Assert.Equal("DW3010", Assert.Single(problems).Id);
        Assert.False(File.Exists(Sqlite.Sqlite));
    }

    private static Task Changed(Transaction transaction)
    {
        transaction.Changed("session", Guid.NewGuid().ToString());
        return Task.CompletedTask;
    }

    private static Task<Problem?> Started(IHost host) => host.Services.GetRequiredService<StoreService>().Started;

    private static (Database Database, ChangeFeed Feed, Freshness Freshness) Of(IHost host) =>
        (host.Services.GetRequiredService<Database>(), host.Services.GetRequiredService<ChangeFeed>(), host.Services.GetRequiredService<Freshness>());

    private async Task<IHost> StartAsync(StoreOptions options)
    {
        var problems = new List<Problem>();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        Assert.True(builder.Services.AddStore(options, TimeProvider.System, problems) is not null, string.Join('\n', problems));
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }
}
