using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Doorward.Demo.Sample;
using Doorward.DevIdp;
using Doorward.Policy;
using Doorward.Server;
using Doorward.Server.Console;
using Doorward.Server.Identity.Scim;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.SignIn;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Doorward.Demo;

/// <summary>What one asks of a demo.</summary>
/// <param name="Http">Without TLS.</param>
/// <param name="Records">Writes each decision to the standard output, as a JSON line.</param>
internal sealed record DemoOptions(bool Http = false, bool Records = false);

/// <summary>Everything of one demo, running: the practice provider, the sample app, Doorward in front of it.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = [];

    private DemoRun(DemoPlan plan, DevelopmentAuthority? authority, string configurationFile) => (Plan, Authority, ConfigurationFile) = (plan, authority, configurationFile);

    public DemoPlan Plan { get; }

    /// <summary>Null with plain HTTP.</summary>
    public DevelopmentAuthority? Authority { get; }

    public string ConfigurationFile { get; }

    /// <summary>When something ended Doorward from inside.</summary>
    public CancellationToken Ended { get; private set; }

    /// <summary>Between choosing a port and listening there another program may take it: then others are chosen.</summary>
    private const int Attempts = 5;

    /// <returns>The demo; null, with the server's problems, where it does not start.</returns>
    public static async Task<(DemoRun? Run, IReadOnlyList<Problem> Problems)> StartAsync(
        StateFolder state, DemoOptions options, TimeProvider time, TextWriter output, CancellationToken cancellation)
    {
        var authority = options.Http ? null : new DevelopmentAuthority(state.Folder("authority"), time);
        if (authority?.Prepare() == true) await output.WriteLineAsync("An authority for this machine was made. It can vouch for door.localhost and the names under it, for nothing else.");
        state.Secret("root.key");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var ports = new Ports();
                var plan = DemoPlan.Make(options.Http, ports);
                var (run, problems) = await StartAsync(plan, authority, state, options, time, cancellation);
                if (attempt < Attempts && problems.Any(ListenProblems.IsTaken)) continue;
                // Told once it is so: an attempt that failed used others.
                foreach (var move in ports.Moves) await output.WriteLineAsync(move);
                return (run, problems);
            }
            // Of two that start at once both may bind, and the second fails when it listens.
            catch (Exception failure) when (attempt < Attempts && (failure.InnerException is AddressInUseException || failure is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }))
            {
            }
        }
    }

    private static async Task<(DemoRun? Run, IReadOnlyList<Problem> Problems)> StartAsync(
        DemoPlan plan, DevelopmentAuthority? authority, StateFolder state, DemoOptions options, TimeProvider time, CancellationToken cancellation)
    {
        StateFolder.WritePrivately(state.ConfigurationFile, DemoConfiguration.Text(plan, state, authority));
        var run = new DemoRun(plan, authority, state.ConfigurationFile);
        try
        {
            // The provider first: Doorward looks for it when it starts.
            var idp = await DevIdpServer.StartAsync(run.IdpOptions(state, time), cancellation);
            run._started.Push(idp);
            run._started.Push(await SampleUpstream.StartAsync(plan.AppPort, new(plan.Door, DemoHosts.Apps, DoorClient.Create(run.Authorities()), time), time, cancellation));
            var started = await DoorwardServer.StartAsync(
                new() { ConfigurationPath = state.ConfigurationFile, Time = time, Logging = Log, Banner = PageWriter.BannerFor(plan.Door), RecordLines = options.Records }, cancellation);
            if (started.Server is null)
            {
                await run.DisposeAsync();
                return (null, started.Problems);
            }
            run._started.Push(started.Server);
            run.Ended = started.Server.Ended;
            // As when a directory is connected: before anybody signs in, Doorward knows the groups.
            await idp.TellAllAsync(cancellation);
            return (run, started.Problems);
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var last)) await last.DisposeAsync();
    }

    private DevIdpOptions IdpOptions(StateFolder state, TimeProvider time) => new()
    {
        StartedBy = "doorward demo",
        Url = Plan.Idp,
        Certificate = Authority?.ServerCertificate(),
        Clients =
        [
            new(DemoPlan.ClientId, state.Secret("client.secret"), [new(Plan.Door, Paths.Callback)], [new(Plan.Door, Paths.SignedOut)]),
        ],
        StateFolder = state.Folder("idp"),
        Listener = new(
            DoorClient.Create(Authorities()),
            new(Plan.Door, $"{ScimEndpoints.Path}/{DemoPlan.ProviderName}/"),
            state.Secret("directory.token"),
            new(Plan.Door, $"{SignalsEndpoint.Path}/{DemoPlan.ProviderName}"),
            new Uri(Plan.Door, $"{SignalsEndpoint.Path}/{DemoPlan.ProviderName}").AbsoluteUri),
        // What is not told at once, such as a name, shows within a minute, by the next refresh.
        AccessTokenLifetime = TimeSpan.FromMinutes(1),
        Time = time,
        Logging = Log,
    };

    private static void Log(ILoggingBuilder log) => log.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);

    private X509Certificate2Collection? Authorities()
    {
        if (Authority is null) return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Authority.AuthorityFile);
        return authorities;
    }
}
