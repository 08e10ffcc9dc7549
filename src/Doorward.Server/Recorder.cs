using System.Diagnostics;
using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Audit;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>Writes down what was decided about a request, and how it ended: the audit record and the metrics.</summary>
internal sealed class Recorder(AuditTrail audit, Metrics metrics, TimeProvider time)
{
    /// <summary>Another configuration is in force. What it changed is not kept here, but where it came from; the digests tell whether two nodes had the same.</summary>
    public void Reconfigured(Configuration before, Configuration next) => _ = audit.Append(new EventRecord
    {
        Kind = EventKind.Configuration,
        At = time.GetUtcNow(),
        Act = "reload",
        Details =
        [
            new("before", before.Hash), new("now", next.Hash),
            new("routes_added", Count(next.Routes.Where(route => before.RouteNamed(route.Name) is null))),
            new("routes_removed", Count(before.Routes.Where(route => next.RouteNamed(route.Name) is null))),
            new("routes_changed", Count(next.Routes.Where(route => before.RouteNamed(route.Name) is { } former && former.Version != route.Version))),
        ],
    }).AsTask();

    public ValueTask<Appended> Decided(Visit visit, in Judgement judgement)
    {
        visit.Started = time.GetTimestamp();
        metrics.Decided(judgement.Refusal);
        Tracing.Decided(visit, judgement);
        var record = new DecisionRecord
        {
            RequestId = visit.Id,
            TraceId = TraceOf(visit.Context.Request),
            At = judgement.Facts?.Now ?? time.GetUtcNow(),
            Route = visit.Route?.Name,
            Method = visit.Context.Request.Method,
            Host = visit.Head.Host.Name,
            Path = visit.Head.Target.PathText,
            Address = visit.Origin.Address,
            Facts = judgement.Facts,
            Decision = judgement.Decision,
            Policy = visit.Route?.Policy ?? EffectivePolicy.DenyAll,
            Configuration = visit.Serving.Version,
            Refusal = judgement.OwnRefusal,
            Upstream = judgement.Allows && visit.Route?.Action is ForwardAction { Upstream.Destinations: [var first, ..] } ? first.Address.OriginalString : null,
            UserAgent = visit.Context.Request.Headers.UserAgent,
            ServiceAccount = judgement.Caller.Session?.ServiceAccount,
        };
        return audit.Append(record);
    }

    private static string Count(IEnumerable<Route> routes) => routes.Count().ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="visit">The request.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="ending">Why Doorward ended it; null where others did.</param>
    /// <param name="decided">What became of its decision's record. Told with others it has no end of its own: strangers would fill the trail with ends. One that could not be made durable may come to be yet, and its end says that nobody was let through.</param>
    public void Ended(Visit visit, in ForwardOutcome outcome, Ending? ending, Appended decided)
    {
        var duration = time.GetElapsedTime(visit.Started);
        metrics.Ended(visit.Route, outcome.Status, duration);
        if (ending is not null)
        {
            metrics.Cut(ending, time.GetElapsedTime(ending.Since));
            Tracing.Cut(ending);
        }
        if (decided == Appended.Counted) return;
        audit.Append(new EndRecord
        {
            RequestId = visit.Id,
            At = time.GetUtcNow(),
            Status = outcome.Status,
            BytesReceived = outcome.BytesIn,
            BytesSent = outcome.BytesOut,
            Duration = duration,
            EndedBy = ending is not null ? Audit.EndedBy.Doorward : outcome.EndedBy switch
            {
                Proxy.EndedBy.Client => Audit.EndedBy.Client,
                Proxy.EndedBy.Doorward or Proxy.EndedBy.Timeout => Audit.EndedBy.Doorward,
                _ => Audit.EndedBy.Upstream,
            },
            Cause = ending?.Told(time.GetElapsedTime(ending.Since)) ?? (outcome.EndedBy == Proxy.EndedBy.Timeout ? "time limit" : null),
        });
    }

    /// <summary>The trace that the request belongs to: ours where traces are sent, else the one that it came with.</summary>
    private static string? TraceOf(HttpRequest request) => Activity.Current is { } ours ? ours.TraceId.ToHexString()
        : ActivityContext.TryParse(request.Headers.TraceParent, null, out var told) ? told.TraceId.ToHexString()
        : null;
}
