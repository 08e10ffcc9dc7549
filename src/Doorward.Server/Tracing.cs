using System.Diagnostics;
using Doorward.Server.Access;
using Doorward.Server.Proxy;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>
/// A span for each request and one for its way to the upstream, where somebody takes traces; else nothing at all. They tell routes,
/// outcomes and the id of the request, which leads to the audit record. Who it was, the path and the query stay there.
/// </summary>
internal sealed class Tracing : IDisposable
{
    public const string SourceName = Product.Name;

    private readonly ActivitySource _source = new(SourceName);

    /// <summary>Whether anybody takes traces.</summary>
    public bool IsOn => _source.HasListeners();

    /// <summary>Begins the span of a request. Null where this request is not among those taken.</summary>
    public Activity? Begin(HttpContext context, in ClientOrigin origin)
    {
        var told = ToldBy(context.Request);
        // A stranger's trace is pointed at, not joined: it could have every request of theirs sampled, or appear to be part of another's.
        var parent = origin.BehindProxy ? told : default;
        ActivityLink[] links = parent == told ? [] : [new(told)];
        var span = _source.StartActivity(context.Request.Method, ActivityKind.Server, parent, null, links);
        span?.SetTag("http.request.method", context.Request.Method).SetTag("server.address", context.Request.Host.Host)
            .SetTag("network.protocol.version", context.Request.Protocol[(context.Request.Protocol.IndexOf('/') + 1)..]).SetTag("doorward.request_id", context.TraceIdentifier);
        return span;
    }

    /// <summary>What was decided goes to the span of the request.</summary>
    public static void Decided(Visit visit, in Judgement judgement)
    {
        if (Activity.Current is not { } span) return;
        if (visit.Route is { } route) span.SetTag("doorward.route", route.Name).DisplayName = $"{visit.Context.Request.Method} {route.Name}";
        span.SetTag("doorward.outcome", judgement.Refusal is { } refusal ? Refusal.CodeOf(refusal) : "allowed");
    }

    /// <summary>Begins the span of the way to the upstream, whose id the upstream gets.</summary>
    public Activity? BeginForward(Visit visit) => IsOn && Activity.Current is not null ? _source.StartActivity("forward " + visit.Route?.Name, ActivityKind.Client) : null;

    public static void Cut(Ending ending) => Activity.Current?.AddEvent(new("doorward.cut", tags: new() { ["doorward.told"] = ending.Code }));

    public static void End(Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        if (status >= 500) span?.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _source.Dispose();

    private static ActivityContext ToldBy(HttpRequest request) =>
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var told) ? told : default;
}
