using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Access.Locks;
using Doorward.Server.Audit;
using Doorward.Server.Audit.Sinks;
using Doorward.Server.Identity.Devices;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Loading;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;
using Doorward.Server.Routes.Reload;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>The server, from its configuration to its listeners. Started once; what began to run ends in the reverse order.</summary>
internal sealed class DoorwardServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Stack<IAsyncDisposable> _undo = new();

    private DoorwardServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the ports that it got.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)))];

    public IServiceProvider Services => _app.Services;

    /// <summary>Completes when something ended the server from inside, such as a store that must not be used.</summary>
    public CancellationToken Ended => _app.Lifetime.ApplicationStopped;

    public static async Task<Started> StartAsync(ServerStart start, CancellationToken cancellation)
    {
        Ahead.Begin();
        var loader = new ConfigurationLoader(start.ConfigurationPath, start.Environment);
        var files = new SourceFiles();
        var loaded = loader.Load(files, previous: null);
        if (loaded.Configuration is not { } configuration || !loaded.IsSound) return new(null, loaded.Problems);
        List<Problem> problems = [.. loaded.Problems];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        start.Logging?.Invoke(builder.Logging);
        // While anybody listens to it, every request gets an Activity and two lines. Ours are the audit record and the trace, where one is asked for.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // It tells each failure with a stack, and each client that left; Forwarding tells what an operator can do something about.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.None);
        // A start that fails is told as a problem, not with the trace of a stack; a service that fails while it runs is critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (builder.Services.AddStore(StoreOptionsOf(configuration.Settings), start.Time, problems) is not { } database) return new(null, problems);
        if (await Auditing.OpenAsync(configuration.Settings, database, start.Time, problems) is not { } trail)
        {
            await database.DisposeAsync();
            return new(null, problems);
        }
        builder.Services.AddSingleton(new CurrentConfiguration(configuration)).AddSingleton(loader).AddSingleton(files).AddSingleton<ConfigurationReload>();
        builder.Services.AddRooms(configuration, trail, start);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseOurSockets();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IServiceProvider>((kestrel, services) => Listen(kestrel, services, configuration.Settings));
        var app = builder.Build();
        var server = new DoorwardServer(app);
        server._undo.Push(trail);
        try
        {
            await server.RunAsync(configuration, problems, cancellation);
        }
        catch (CannotListenException failure)
        {
            problems.Add(ListenProblems.Of(failure, configuration.Settings.Listeners));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        if (problems.Any(problem => problem.Severity == Severity.Error))
        {
            await server.DisposeAsync();
            return new(null, problems);
        }
        if (await app.Services.GetRequiredService<StoreService>().Started.WaitAsync(StoreDeadline, start.Time, cancellation).ContinueWith(Result, TaskScheduler.Default) is { } problem)
        {
            await server.DisposeAsync();
            return new(null, [.. problems, problem]);
        }
        return new(server, problems);
    }

    /// <summary>Takes no more connections, lets requests under way come to their end for a while, and writes down what is only in memory.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(Patience)) await _app.StopAsync(patience.Token);
        if (_undo.OfType<Drains>().FirstOrDefault() is { } drains) await drains.EmptyAsync(LastPatience);
        while (_undo.TryPop(out var one)) await one.DisposeAsync();
        await _app.DisposeAsync();
    }

    /// <summary>A pod's folder goes with it: what the sinks take by then is not lost.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    /// <summary>A store that is away does not keep the server from starting; one that says no at once does.</summary>
    private static readonly TimeSpan StoreDeadline = TimeSpan.FromSeconds(10);

    /// <summary>How long requests under way may take when the server stops; half of what orchestrators commonly wait before they kill.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static Problem? Result(Task<Problem?> started) => started.IsCompletedSuccessfully ? started.Result : null;

    private async Task RunAsync(Configuration configuration, List<Problem> problems, CancellationToken cancellation)
    {
        var services = _app.Services;
        var feed = services.GetRequiredService<ChangeFeed>();
        if (AdminSocket.Take(configuration.Settings, problems) is not { } administration) return;
        _undo.Push(administration);
        foreach (var table in services.GetRequiredService<SessionTable>().Tables) feed.Subscribe(table);
        feed.Subscribe(services.GetRequiredService<ProviderTokenTable>().Table);
        feed.Subscribe(services.GetRequiredService<DeviceTable>().Table);
        feed.Subscribe(services.GetRequiredService<LockTable>());
        feed.Subscribe(services.GetRequiredService<ServiceAccountTable>());
        feed.Subscribe(services.GetRequiredService<SignalHealth>());
        var force = services.GetRequiredService<InForce>();
        await force.UseAsync(configuration, previous: null);
        // Reloads come one at a time, on a thread of their own: it may wait.
        var review = services.GetRequiredService<Review>();
        feed.Applied += review.Heard;
        feed.Confirming += services.GetRequiredService<LiveConnections>().HoldStreams;
        services.GetRequiredService<SignalWatch>().Changed += review.Replaced;
        services.GetRequiredService<CurrentConfiguration>().OnReplaced((before, next) =>
        {
            force.UseAsync(next, before).GetAwaiter().GetResult();
            review.Replaced("configuration changed");
            services.GetRequiredService<Recorder>().Reconfigured(before, next);
        });
        var pipeline = services.GetRequiredService<RequestPipeline>();
        _app.Run(pipeline.InvokeAsync);
        await _app.StartAsync(cancellation);
        await services.GetRequiredService<ConfigurationReload>().StartAsync(cancellation);
        _undo.Push(services.GetRequiredService<Drains>());
        services.GetRequiredService<AuditMetrics>();
        await SideListeners.StartAsync(configuration.Settings, services, _undo, cancellation);
        await administration.ListenAsync(SideListeners.Administration(services), cancellation);
    }

    private static void Listen(KestrelServerOptions kestrel, IServiceProvider services, ConfigurationOptions settings)
    {
        kestrel.ApplicationServices = services;
        kestrel.Harden(settings.Limits);
        if (settings.Listeners.Https is { } https) kestrel.ListenHttps(https.EndPoint, services.GetRequiredService<Proxy.Tls.Certificates>(), settings.Limits);
        if (settings.Listeners.InsecureHttp is { } http) kestrel.ListenHttp(http.EndPoint);
    }

    public static Store.StoreOptions StoreOptionsOf(ConfigurationOptions settings) => new()
    {
        Place = settings.Store.Place,
        Sqlite = settings.Store.Sqlite,
        Postgres = settings.Store.Postgres?.Value,
        Listen = settings.Store.Listen,
        RootKey = settings.RootKey?.Value,
        StalenessLimit = settings.Staleness.Limit,
    };
}
