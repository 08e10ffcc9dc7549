using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Doorward.Demo;
using Doorward.Server.Routes.Loading;

namespace Doorward.EndToEnd.Tests.Demo;

[Collection(nameof(DemoRun))] // one demo at a time, but where a test says otherwise: they want the same ports
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
        Assert.Equal(Told(first.Plan), outputs[0].ToString());
        Assert.Equal(Told(second.Plan), outputs[1].ToString());
    }

    [Fact]
    public async Task Of_an_attempt_that_failed_nothing_is_told()
    {
        using var temporary = new TemporaryState();
        using var thief = new PortThief(temporary.State.ConfigurationFile);
        using var output = new StringWriter();

        var (run, problems) = await DemoRun.StartAsync(temporary.State, new(Http: true), thief, output, TestContext.Current.CancellationToken);
        await using var started = run;

        Assert.True(run is not null, string.Join('\n', problems));
        Assert.NotEqual(thief.Port, run.Plan.DoorPort);
        Assert.Equal(Told(run.Plan), output.ToString());
    }

    [Theory]
    [InlineData("/usr/share/dotnet/dotnet", "doorward")]
    [InlineData("/home/ada/doorward-1.0/doorward", "/home/ada/doorward-1.0/doorward")]
    [InlineData("/home/ada/My Projects/doorward", "'/home/ada/My Projects/doorward'")]
    public void A_command_names_the_program_as_a_shell_reads_it(string path, string command) =>
        Assert.Equal(OperatingSystem.IsWindows() && command[0] == '\'' ? "& " + command : command, DemoTexts.Program(path));

    /// <summary>What is told of the ports of a demo without TLS.</summary>
    private static string Told(DemoPlan plan) => string.Concat(
        from port in new (int Wanted, int Given, string What)[] { (8080, plan.DoorPort, "Doorward"), (8081, plan.IdpPort, "the practice identity provider"), (8090, plan.AppPort, "the sample app"), (28080, plan.HealthPort, "Doorward's health") }
        where port.Given != port.Wanted
        select $"Port {port.Wanted} is taken: {port.What} listens on {port.Given}.\n");

    /// <summary>Takes Doorward's port once it is chosen, before Doorward listens there: whatever starts asks what time it is.</summary>
    private sealed class PortThief(string configuration) : TimeProvider, IDisposable
    {
        private readonly Lock _once = new();
        private TcpListener? _taken;

        public int Port => ((IPEndPoint)_taken!.LocalEndpoint).Port;

        public override DateTimeOffset GetUtcNow()
        {
            lock (_once)
            {
                if (_taken is null && File.Exists(configuration))
                {
                    _taken = new(IPEndPoint.Parse(Regex.Match(File.ReadAllText(configuration), "insecure_http: \"?(127.0.0.1:[0-9]+)").Groups[1].Value));
                    _taken.Start();
                }
            }

            return base.GetUtcNow();
        }

        public void Dispose() => _taken?.Dispose();
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
