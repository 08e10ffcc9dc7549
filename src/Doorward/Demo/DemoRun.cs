using System.Security.Cryptography.X509Certificates;
using Doorward.Demo.Sample;
using Doorward.DevIdp;
using Doorward.Server;
using Microsoft.Extensions.Logging;

namespace Doorward.Demo;

/// <summary>Starts the server itself from a configuration file; the same that <c>doorward serve</c> does.</summary>
internal delegate Task<IAsyncDisposable> StartDoorward(string configurationFile, CancellationToken cancellation);

/// <summary>Everything of one demo, running: the practice provider, the sample app, Doorward in front of it.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = [];

    private DemoRun(DemoPlan plan, DevelopmentAuthority? authority)
    {
        Plan = plan;
        Authority = authority;
    }

    public DemoPlan Plan { get; }

    /// <summary>Null with plain HTTP.</summary>
    public DevelopmentAuthority? Authority { get; }

    public static async Task<DemoRun> StartAsync(StateFolder state, bool http, StartDoorward startDoorward, TimeProvider time, TextWriter output, CancellationToken cancellation)
    {
        var authority = http ? null : new DevelopmentAuthority(state.Folder("authority"), time);
        if (authority?.Prepare() == true) await output.WriteLineAsync("An authority for this machine was made. It can vouch for door.localhost and the names under it, for nothing else.");
        state.Secret("root.key");
        var plan = DemoPlan.Make(http, new(output));
        StateFolder.WritePrivately(state.ConfigurationFile, DemoConfiguration.Text(plan, state, authority));
        var run = new DemoRun(plan, authority);
        try
        {
            // The provider first: Doorward looks for it when it starts.
            run._started.Push(await DevIdpServer.StartAsync(run.IdpOptions(state, time), cancellation));
            run._started.Push(await SampleUpstream.StartAsync(plan.AppPort, new(plan.Door, DemoHosts.Apps, run.Authorities(), time), time, cancellation));
            run._started.Push(await startDoorward(state.ConfigurationFile, cancellation));
            return run;
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
            new(DemoPlan.ClientId, state.Secret("client.secret"),
                [new(Plan.Door, Product.ReservedPath + "/callback")],
                [Plan.Door, new(Plan.Door, Product.ReservedPath + "/signed-out")]),
        ],
        StateFolder = state.Folder("idp"),
        // What is changed on the page shows within a minute, by the next refresh.
        AccessTokenLifetime = TimeSpan.FromMinutes(1),
        Time = time,
        Logging = log => log.AddSimpleConsole(console => console.SingleLine = true),
    };

    private X509Certificate2Collection? Authorities()
    {
        if (Authority is null) return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Authority.AuthorityFile);
        return authorities;
    }
}
