using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Store.Tables;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>Signing in as it is served: Doorward's own host and two routes' hosts over TLS, with a real store, real keys, real cookies.</summary>
internal sealed class DoorLab : IAsyncDisposable
{
    public const string Own = "door.example.com", App = "app.example.com", Other = "wiki.example.com";

    private static readonly LabAuthority _authority = new();

    private readonly KeyLab _keys;
    private readonly WebApplication _app;
    private readonly string _auditFolder;

    private DoorLab(KeyLab keys, WebApplication app, string auditFolder, ProviderSet providers) =>
        (_keys, _app, _auditFolder, Providers) = (keys, app, auditFolder, providers);

    public int Port { get; private set; }

    public ManualTime Time => _keys.Time;

    public ProviderSet Providers { get; set; }

    /// <summary>Who may send signals.</summary>
    public IReadOnlyList<Transmitter> Transmitters { get; set; } = [];

    public KeyLab Keys => _keys;

    /// <summary>What the route at <see cref="App"/> asks of those who come.</summary>
    public Asking Asking { get; set; } = new("", Policy.Remedies.SignIn);

    public ConcurrentQueue<string> Log { get; private init; } = [];

    public IServiceProvider Services => _app.Services;

    public static string CaPem => _authority.Pem;

    /// <param name="keys">The keys, with the clock.</param>
    /// <param name="providers">The providers' settings.</param>
    public static async Task<DoorLab> StartAsync(KeyLab keys, params ProviderSettings[] providers)
    {
        var set = new ProviderSet(providers, allowLocalHttp: true, Outbound.Connect, keys.Time);
        var folder = Directory.CreateTempSubdirectory("doorward-audit-").FullName;
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port, l => l.UseHttps(h => h.ServerCertificateSelector = (_, host) => _authority.For(host!))));
        DoorLab lab = null!;
        var log = new ConcurrentQueue<string>();
        var options = new TableOptions();
        builder.Services
            .AddSingleton<TimeProvider>(keys.Time)
            .AddSingleton(keys.Secrets).AddSingleton(keys.Signing).AddSingleton(keys.Database)
            .AddSingleton(new KeyedToken(() => [new byte[32]]))
            .AddSingleton(options).AddSingleton<SessionTable>().AddSingleton<Cookies>().AddSingleton<HandOver>().AddSingleton<KeptTokens>().AddSingleton<SessionStore>()
            .AddSingleton(new SessionLimits(TimeSpan.FromHours(14), null))
            .AddSingleton(_ => AuditTrail.Open(new AuditOptions { Folder = folder, SegmentBytes = 4 * 1024 * 1024 }, keys.Time))
            .AddSingleton<Func<ProviderSet>>(() => lab.Providers)
            .AddSingleton<IsKnownHost>((host, p) => host is App or Other && p == port)
            .AddSingleton(PlainPages.All)
            .AddSignIn(new Uri($"https://{Own}:{port}"), compatible: false)
            .AddSignals(_ => lab.Transmitters);
        builder.Services.AddSingleton<ILoggerProvider>(_ => new QueueLogger(log));
        var app = builder.Build();
        lab = new DoorLab(keys, app, folder, set) { Port = port, Log = log };
        foreach (var table in app.Services.GetRequiredService<SessionTable>().Tables) keys.Feed.Subscribe(table);
        app.Run(lab.AnswerAsync);
        await app.StartAsync();
        return lab;
    }

    public Uri Url(string host, string pathAndQuery = "/") => new($"https://{host}:{Port}{pathAndQuery}");

    public LabBrowser Browser() => new(Connect, _authority);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Providers.Dispose();
        await _keys.DisposeAsync();
        Directory.Delete(_auditFolder, recursive: true);
    }

    private async ValueTask<Stream> Connect(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, to.Port, cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    // As the pipeline does: own endpoints by host, then who asks, then an answer that says so.
    private async Task AnswerAsync(HttpContext context)
    {
        await _keys.Feed.LookAsync();
        var host = context.Request.Host.Host;
        if (host == Own && context.Request.Path.StartsWithSegments(SignalsEndpoint.Path))
        {
            await Services.GetRequiredService<SignalsEndpoint>().AnswerAsync(context);
            return;
        }
        if (host == Own && context.Request.Path.StartsWithSegments(BackChannelLogout.Path))
        {
            await Services.GetRequiredService<BackChannelLogout>().AnswerAsync(context);
            return;
        }
        var endpoints = Services.GetRequiredService<SignInEndpoints>();
        if (host == Own ? await endpoints.AnswerOwnHostAsync(context) : await endpoints.AnswerRouteHostAsync(context, host)) return;

        var caller = await Services.GetRequiredService<BrowserSession>().FindAsync(context, host);
        if (caller.Session is { } session && (Asking.Asked & ~Policy.Remedies.SignIn & ~session.Facts.Failed) == 0)
        {
            await context.Response.WriteAsync($"{caller.Person!.Id} at {host} {context.Request.Path}{context.Request.QueryString} acr={session.Facts.Acr} failed={session.Facts.Failed}");
            return;
        }

        var here = $"https://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
        context.Response.Redirect(Services.GetRequiredService<Challenge>().Url(context, Asking with { ReturnTo = here }));
    }
}
