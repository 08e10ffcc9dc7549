using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Doorward.Server.Access;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Proxy.Upstreams;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy;

/// <summary>The way through: sends a request that may pass to its upstream, and the answer back.</summary>
internal sealed partial class Forwarding(IHttpForwarder forwarder, UpstreamClients clients, UpstreamHealth health, TimeProvider time, ILogger<Forwarding> log)
{
    private readonly ConditionalWeakTable<Route, ForwardPlan> _plans = [];
    private readonly ConditionalWeakTable<Upstream, string> _ids = [];
    private readonly ConcurrentDictionary<string, UpstreamPool> _pools = new();
    private readonly ConcurrentBag<CancellationTokenSource> _deadlines = [];
    private IReadOnlyList<Route> _routes = [];
    private volatile HeaderScrub _scrub = new([]);

    /// <summary>Prepares for routes, before they serve their first request. Calls must not overlap.</summary>
    public async Task UseAsync(IReadOnlyList<Route> routes)
    {
        // Requests that found their route in the old table are still under way: its names stay forbidden for one more generation.
        _scrub = new HeaderScrub(_routes.Concat(routes));
        _routes = routes;
        var needed = new Dictionary<string, UpstreamPool>();
        var tls = new HashSet<UpstreamTls>();
        foreach (var route in routes)
        {
            if (route.Action is not ForwardAction { Upstream: var upstream })
                continue;
            tls.Add(upstream.Tls);
            if (upstream.HealthChecks is not null)
                needed.TryAdd(IdOf(upstream), PoolOf(upstream));
            else if (!_pools.IsEmpty && _pools.TryGetValue(IdOf(upstream), out var pool))
                needed.TryAdd(pool.Id, pool);
        }

        await health.WatchAsync([.. needed.Values.Where(pool => pool.Upstream.HealthChecks is not null)]);
        foreach (var id in _pools.Keys.Where(id => !needed.ContainsKey(id)))
            _pools.TryRemove(id, out _);
        clients.Keep(tls);
    }

    /// <summary>Forwards, and returns when the last byte has passed in both directions, or somebody has ended it.</summary>
    /// <param name="connection">Holds it, or ends it from our side.</param>
    public async ValueTask<ForwardOutcome> SendAsync(HttpContext context, Route route, ForwardRequest request, Connection connection)
    {
        var plan = _plans.GetValue(route, PlanOf);
        var protocol = Switching.ProtocolOf(context);
        if (protocol is not null && !Allows(plan.Upstream, protocol))
            return Refuse(context, StatusCodes.Status403Forbidden, Defect.UpgradeNotAllowed);
        var defect = TargetRewrite.Apply(route, plan.Upstream.Rewrite, request.Head.Target, out var target);
        if (defect != Defect.None)
            return Refuse(context, defect.Status(), defect);
        RelaxRates(context);
        var candidate = plan.Pool.Pick(request.SessionId ?? request.Origin.Address.ToString());
        var cut = connection.Ended;
        var deadline = Rent(plan);
        var cutting = deadline is null ? default : cut.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), deadline);
        var exchange = new Exchange(plan, _scrub, request, target.Text, protocol, connection, deadline, time);
        candidate.Enter();
        try
        {
            var error = await forwarder.SendAsync(
                context, candidate.Prefix, plan.Pool.Client, protocol is null ? plan.Config : plan.UpgradeConfig, exchange, deadline?.Token ?? cut);
            var outcome = Outcomes.Of(context, exchange, candidate, error);
            if (outcome.NeedsAnswer)
                exchange.Out?.Remove();
            if (outcome is { EndedBy: EndedBy.Upstream } or { EndedBy: EndedBy.Timeout, NeedsAnswer: true })
                LogFailed(log, context.TraceIdentifier, candidate.Destination.Address, error, ReasonOf(context.Features.Get<IForwarderErrorFeature>()?.Exception));
            health.Report(plan.Pool, candidate, Outcomes.IsFailure(outcome, exchange));
            return outcome;
        }
        finally
        {
            candidate.Leave();
            exchange.End();
            // Before another request may have the source: a late cut of this one must not end that one.
            cutting.Dispose();
            Return(deadline);
        }
    }

    /// <summary>Not the HTTP client's own words: they may quote what the upstream sent, and a log has no secret.</summary>
    private static string ReasonOf(Exception? failure) => failure?.GetBaseException() switch
    {
        SocketException socket => socket.Message,
        AuthenticationException tls => tls.Message,
        HttpRequestException http => http.HttpRequestError.ToString(),
        HttpIOException http => http.HttpRequestError.ToString(),
        OperationCanceledException => "no answer in time",
        null => "no reason given",
        var other => other.GetType().Name,
    };

    /// <summary>A line where YARP itself would write a stack, and of clients that left one more: what they did stands in the record of the end.</summary>
    [LoggerMessage(LogLevel.Warning, "Request {Id} failed at {Destination}, {Step}: {Reason}")]
    private static partial void LogFailed(ILogger log, string id, Uri destination, ForwarderError step, string reason);

    private ForwardPlan PlanOf(Route route) => route.Action is ForwardAction { Upstream: var upstream }
        ? new ForwardPlan(route, upstream, PoolOf(upstream))
        : throw new InvalidOperationException($"The route {route.Name} does not forward.");

    // An upstream that a reload did not touch is the same object; its id is a hash over much.
    private string IdOf(Upstream upstream) => _ids.GetValue(upstream, UpstreamPool.IdOf);

    private UpstreamPool PoolOf(Upstream upstream) =>
        _pools.GetOrAdd(IdOf(upstream), id => new UpstreamPool(id, upstream, clients.Of(upstream.Tls)));

    private static ForwardOutcome Refuse(HttpContext context, int status, Defect defect)
    {
        context.Response.StatusCode = status;
        return new ForwardOutcome(status, EndedBy.Doorward, NeedsAnswer: true, Defect: defect);
    }

    private static bool Allows(Upstream upstream, string protocol) =>
        (Switching.IsWebSocket(protocol) && upstream.AllowWebSockets) || (Switching.IsSpdy(protocol) && upstream.AllowSpdy);

    /// <summary>A stream has no natural rate; its idle limit guards it. A body of known length keeps Kestrel's limit.</summary>
    private static void RelaxRates(HttpContext context)
    {
        if (context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    private CancellationTokenSource? Rent(ForwardPlan plan)
    {
        if (plan.Upstream.Timeout is null)
            return null;
        return _deadlines.TryTake(out var deadline) ? deadline : new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    private void Return(CancellationTokenSource? deadline)
    {
        if (deadline?.TryReset() == true)
            _deadlines.Add(deadline);
        else
            deadline?.Dispose();
    }
}
