using System.Net;
using System.Net.Sockets;
using Doorward.Demo;
using Doorward.Server.Routes.Loading;

namespace Doorward.EndToEnd.Tests.Demo;

public class DemoPartsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_demos_configuration_has_no_problem(bool http)
    {
        using var temporary = new TemporaryState();
        var state = temporary.State;
        var authority = http ? null : new DevelopmentAuthority(state.Folder("authority"), TimeProvider.System);
        authority?.Prepare();
        state.Secret("root.key");
        foreach (var secret in (string[])["client.secret", "directory.token"]) state.Secret(secret);
        File.WriteAllText(state.ConfigurationFile, DemoConfiguration.Text(new(http, 8443, 8444, 8090, 28080), state, authority));

        var (configuration, problems) = ConfigurationLoader.Load(state.ConfigurationFile);

        Assert.Empty(problems);
        Assert.Equal(4, configuration!.Routes.Count);
    }

    [Fact]
    public void A_taken_port_leads_to_the_next_and_that_is_told()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var ports = new Ports();

        var given = ports.Take(port, "Doorward");

        Assert.True(given > port);
        Assert.Equal([$"Port {port} is taken: Doorward listens on {given}."], ports.Moves);
        Assert.NotEqual(given, ports.Take(port, "the sample app"));
    }

    [Fact]
    public async Task Demos_that_start_at_once_do_not_take_each_others_ports()
    {
        using var one = new TemporaryState();
        using var other = new TemporaryState();
        StringWriter[] outputs = [new(), new()];
        var started = await Task.WhenAll(new[] { one, other }.Select((temporary, i) => Task.Run(
            () => DemoRun.StartAsync(temporary.State, new(Http: true), TimeProvider.System, outputs[i], TestContext.Current.CancellationToken))));
        await using var first = started[0].Run;
        await using var second = started[1].Run;

        Assert.True(first is not null && second is not null, string.Join('\n', started.SelectMany(run => run.Problems)));
        Assert.Empty(PortsOf(first.Plan).Intersect(PortsOf(second.Plan)));
        // Each wanted port is told of once, also where an attempt failed.
        foreach (var output in outputs)
            Assert.Distinct(output.ToString().Split('\n').Where(line => line.StartsWith("Port ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
    }

    private static int[] PortsOf(DemoPlan plan) => [plan.DoorPort, plan.IdpPort, plan.AppPort, plan.HealthPort];

    [Fact]
    public void A_state_folder_is_held_by_one_demo()
    {
        using var temporary = new TemporaryState();
        Assert.Null(StateFolder.Open(temporary.State.FullPath));
    }

    [Fact]
    public void A_reset_removes_what_is_the_demos_and_nothing_else()
    {
        using var temporary = new TemporaryState();
        var state = temporary.State;
        var secret = state.Secret("root.key");
        Assert.Equal(secret, state.Secret("root.key"));
        File.WriteAllText(Path.Combine(state.Folder("idp"), "people.json"), "[]");
        File.WriteAllText(state.At("doorward.db-wal"), "");
        File.WriteAllText(state.At("thesis.txt"), "years of work");

        state.Reset();

        Assert.Equal(["demo.lock", "thesis.txt"], Directory.EnumerateFileSystemEntries(state.FullPath).Select(Path.GetFileName).Order());
        Assert.NotEqual(secret, state.Secret("root.key"));
    }
}
