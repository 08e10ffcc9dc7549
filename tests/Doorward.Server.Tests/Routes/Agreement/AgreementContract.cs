using Doorward.Server.Routes.Agreement;
using Doorward.Server.Store;
using Doorward.Server.Tests.Audit;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Routes.Reload;

namespace Doorward.Server.Tests.Routes.Agreement;

/// <summary>Nodes on one store tell each other which configuration they serve.</summary>
public abstract class AgreementContract : StoreTest
{
    private const string One = "routes:\n", Own = "log: { level: debug }\naudit: { space: 64MiB }\n";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _undo = [];

    [Fact]
    public async Task Nodes_that_serve_different_configurations_for_a_minute_are_told_until_they_agree()
    {
        var database = await Lab.OpenAsync();
        var (first, second) = (Start(database, Text("app")), Start(database, Text("app")));
        await LookAsync(first, second, first);
        Assert.Equal((HealthState.Ok, 0), (first.Agreement.Health().State, first.Agreement.Others));
        Assert.StartsWith("all 2 serve version ", first.Agreement.Health().Detail, StringComparison.Ordinal);

        Change(second, Text("app", "more"));
        await LookAsync(second, first);
        // Nodes look every few seconds: one that says nothing for long is gone.
        for (var passed = TimeSpan.Zero; passed < NodeAgreement.Patience - Step; passed += Step)
        {
            Time.Advance(Step);
            await LookAsync(second, first);
        }
        Assert.Equal((HealthState.Ok, 1), (first.Agreement.Health().State, first.Agreement.Others));
        Time.Advance(Step);

        Assert.All([first, second], node => Assert.Equal(HealthState.Degraded, node.Agreement.Health().State));
        Change(first, Text("app", "more"));
        await LookAsync(first, second);
        Assert.All([first, second], node => Assert.Equal(HealthState.Ok, node.Agreement.Health().State));
    }

    [Fact]
    public async Task What_a_node_has_of_its_own_is_no_difference()
    {
        var database = await Lab.OpenAsync();
        var (first, second) = (Start(database, Text("app")), Start(database, Own + Text("app")));

        await LookAsync(first, second, first);

        Assert.Equal((0, 0), (first.Agreement.Others, second.Agreement.Others));
        Assert.NotEqual(first.Folder.Value.Hash, second.Folder.Value.Hash);
    }

    [Fact]
    public async Task A_node_that_says_nothing_any_more_does_not_count()
    {
        var database = await Lab.OpenAsync();
        var (first, gone) = (Start(database, Text("app")), Start(database, Text("other")));
        await LookAsync(gone, first);
        Assert.Equal(1, first.Agreement.Others);

        await database.WriteAsync<int>(transaction => transaction.ExecuteAsync("UPDATE nodes SET at = at - 31000"));
        await LookAsync(first);

        Assert.Equal(0, first.Agreement.Others);
    }

    private protected override ValueTask CloseAsync()
    {
        foreach (var one in _undo) one.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Text(params string[] routes) => One + string.Concat(routes.Select(route => ConfigurationFolder.Route(route)));

    private static void Change(Server node, string text)
    {
        node.Folder.Replace("doorward.yaml", ConfigurationFolder.Sound(text));
        Assert.True(node.Folder.Settle());
    }

    private static async Task LookAsync(params Server[] nodes)
    {
        foreach (var node in nodes) await node.Agreement.LookAsync(default);
    }

    private Server Start(Database database, string text)
    {
        var (folder, trail) = (new ConfigurationFolder(), new TrailFolder());
        _undo.AddRange([folder, trail]);
        folder.Write("doorward.yaml", ConfigurationFolder.Sound(text)).Start();
        return new(folder, new NodeAgreement(database, trail.Open(), folder.Current, Time));
    }

    private sealed record Server(ConfigurationFolder Folder, NodeAgreement Agreement);
}

public sealed class Agreement_on_SQLite : AgreementContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnSqlite();
}

public sealed class Agreement_on_PostgreSQL : AgreementContract
{
    private protected override Task<StoreLab> StartLabAsync() => OnPostgres();
}
