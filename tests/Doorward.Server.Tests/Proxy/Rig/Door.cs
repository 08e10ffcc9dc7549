using System.Collections.Concurrent;
using System.Net;
using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store.Feed;
using Doorward.Server.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Tests.Proxy.Rig;

/// <summary>What a test may choose of its door.</summary>
internal sealed class DoorSettings
{
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public LimitOptions Limits { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What the rooms before would have found out; by default nothing.</summary>
    public Func<HttpContext, ForwardRequest, ForwardRequest> Identify { get; init; } = (_, request) => request;

    public CancellationToken Cut { get; init; }

    /// <summary>Listens for https with these.</summary>
    public IReadOnlyList<CertificateOptions>? Certificates { get; init; }

    public MutualTlsOptions Clients { get; init; } = new();
}

/// <summary>
/// A real Kestrel with every part of the room Proxy, in the order in which the product has them. A guarded route lets pass whoever sends
/// <c>X-Test-Pass: yes</c>: judging is another room's.
/// </summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DoorSettings _settings;
    private readonly ClientAddress _address;
    private readonly LiveConnections _live;
    private volatile RouteTable _table = RouteTable.Empty;

    private Door(DoorSettings settings)
    {
        _settings = settings;
        _address = new ClientAddress(settings.TrustedProxies);
        Certificates = new Certificates(settings.Time);
        _live = new LiveConnections(new Freshness(settings.Time, TimeSpan.MaxValue), settings.Time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(settings.Time).AddForwarding();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Harden(settings.Limits);
            kestrel.ListenHttp(new IPEndPoint(IPAddress.Loopback, 0));
            if (settings.Certificates is not null)
                kestrel.ListenHttps(new IPEndPoint(IPAddress.Loopback, 0), Certificates, settings.Limits);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        _app = builder.Build();
        Forwarding = _app.Services.GetRequiredService<Forwarding>();
        _app.Run(ServeAsync);
    }

    public Forwarding Forwarding { get; }

    public Certificates Certificates { get; }

    public int Port { get; private set; }

    public int HttpsPort { get; private set; }

    public ConcurrentQueue<ForwardOutcome> Outcomes { get; } = new();

    public ConcurrentQueue<CertificateFacts?> CertificatesSeen { get; } = new();

    public static async Task<Door> OpenAsync(DoorSettings settings, params Route[] routes)
    {
        var door = new Door(settings);
        if (settings.Certificates is { } certificates)
            door.Certificates.Use(certificates, settings.Clients, new List<Problem>());
        await door.UseAsync(routes);
        await door._app.StartAsync();
        var addresses = door._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address));
        door.Port = addresses.First(address => address.Scheme == "http").Port;
        door.HttpsPort = addresses.FirstOrDefault(address => address.Scheme == "https")?.Port ?? 0;
        return door;
    }

    public static Task<Door> OpenAsync(params Route[] routes) => OpenAsync(new DoorSettings(), routes);

    public async Task UseAsync(params Route[] routes)
    {
        await Forwarding.UseAsync(routes);
        _table = new RouteTable(routes);
    }

    /// <summary>The one outcome, once the request has left the pipeline.</summary>
    public async Task<ForwardOutcome> OutcomeAsync()
    {
        ForwardOutcome outcome;
        await Eventually.Holds(() => !Outcomes.IsEmpty);
        Assert.True(Outcomes.TryDequeue(out outcome));
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var defect = RequestHead.Read(context, out var head);
        if (defect == Defect.None)
            defect = Certificates.Check(context, head.Host);
        var route = defect == Defect.None ? _table.Find(head, out defect) : null;
        if (defect != Defect.None)
        {
            await Defects.RejectAsync(context, defect);
            return;
        }

        var origin = _address.Read(context);
        TransportSecurity.Apply(context, origin);
        if (route is null || head.Target.IsReserved)
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (route.Guarded && context.Request.Headers["X-Test-Pass"] != "yes")
        {
            context.Response.StatusCode = 403;
            return;
        }

        if (route.Action is not ForwardAction)
        {
            await Redirects.AnswerAsync(context, route, head, origin);
            return;
        }

        var facts = Certificates.FactsOf(context, head.Host);
        CertificatesSeen.Enqueue(facts);
        var request = _settings.Identify(context, new ForwardRequest { Head = head, Origin = origin, Certificate = facts });
        using var connection = _live.Enter(context.TraceIdentifier, route, null);
        connection.Open(default, _ => default);
        await using var cutting = _settings.Cut.Register(() => connection.Cut("a test", 0));
        var outcome = await Forwarding.SendAsync(context, route, request, connection);
        if (outcome.NeedsAnswer)
            await context.Response.WriteAsync($"{outcome.Status} {outcome.Error} {outcome.Defect}", CancellationToken.None);
        Outcomes.Enqueue(outcome);
    }
}
