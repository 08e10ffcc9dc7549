using Doorward.Server.Access;
using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes;
using Doorward.Server.Store;
using Doorward.Server.Store.Feed;
using Doorward.Server.Store.Tables;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>
/// The way of a request, top to bottom. What is on this path reads memory only: it may run on a socket's own thread, where nothing
/// may block. Doorward's own pages, and whatever memory does not know, hop to the pool first.
/// </summary>
internal sealed class RequestPipeline(
    Func<Serving> serving,
    Certificates certificates,
    Callers callers,
    LiveConnections live,
    Generation generation,
    Judge judge,
    Review review,
    Recorder recorder,
    Refusing refusing,
    AssertionCache assertions,
    ProviderTokenTable tokens,
    Forwarding forwarding,
    OwnPages own,
    StoreStart store,
    RequestId ids,
    Tracing tracing)
{
    /// <summary>A request that finds everything replaced under it so often is told to come back.</summary>
    private const int Attempts = 8;

    /// <summary>Whatever is thrown on the way, nothing goes on: a fault is answered as one, with the id that stands in the log.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = ids.Next();
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted && e is not BadHttpRequestException)
        {
            // Before the store is ready its tables need not even exist: whatever fails then fails for the want of it.
            await (e is StoreUnavailableException || !store.IsReady ? refusing.AwayAsync(context, e) : refusing.FaultAsync(context, e));
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var defect = RequestHead.Read(context, out var head);
        if (defect == Defect.None) defect = certificates.Check(context, head.Host);
        if (defect != Defect.None) return Defects.RejectAsync(context, defect);
        var now = serving();
        var origin = now.Addresses.Read(context);
        TransportSecurity.Apply(context, origin);
        // From here on the client's, not a listed proxy's: what is recorded about sessions names who asked.
        context.Connection.RemoteIpAddress = origin.Address;
        return tracing.IsOn ? TracedAsync(context, head, origin, now) : ServeAsync(context, head, origin, now);
    }

    private async Task TracedAsync(HttpContext context, RequestHead head, ClientOrigin origin, Serving now)
    {
        using var span = tracing.Begin(context, origin);
        try
        {
            await ServeAsync(context, head, origin, now);
            Tracing.End(span, context.Response.StatusCode);
        }
        catch
        {
            Tracing.End(span, StatusCodes.Status500InternalServerError);
            throw;
        }
    }

    private Task ServeAsync(HttpContext context, RequestHead head, ClientOrigin origin, Serving now)
    {
        if (head.Host.Name == now.OwnHost) return own.AnswerOwnHostAsync(context);
        if (OwnPages.IsOurs(head.Target)) return own.AnswerRouteHostAsync(context, head);
        return ServeRouteAsync(context, head, origin);
    }

    private async Task ServeRouteAsync(HttpContext context, RequestHead head, ClientOrigin origin)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Everything below is read after this: what changes meanwhile raises it, and is read again.
            var seen = generation.Current;
            var now = serving();
            var route = now.Configuration.Table.Find(head, out var defect);
            if (defect != Defect.None)
            {
                await Defects.RejectAsync(context, defect);
                return;
            }
            var certificate = certificates.FactsOf(context, head.Host);
            var device = certificates.DeviceOf(certificate, head.Host);
            if (!callers.TryFind(context.Request, head.Host.Name, device, out var caller))
                caller = await callers.FindAsync(context.Request, head.Host.Name, device, context.RequestAborted);
            var visit = new Visit(context, head, origin, now, route, certificate);
            if (route is null)
            {
                await refusing.UnjudgedAsync(visit, RefusalKind.NoRoute, new Judgement(null, default, RefusalKind.NoRoute, default));
                return;
            }
            using var connection = live.Enter(context.TraceIdentifier, route, caller.Session, device);
            var stands = generation.Current == seen;
            if (!stands && attempt < Attempts) continue;
            await (stands ? JudgeAsync(visit, route, connection, caller, seen)
                : refusing.UnjudgedAsync(visit, RefusalKind.Unsettled, judge.Unsettled(route, caller, visit.Facts(), visit.Origin.Address, visit.Certificate)));
            return;
        }
    }

    private async Task JudgeAsync(Visit visit, Route route, Connection connection, Caller caller, long seen)
    {
        var judgement = judge.Decide(route, caller, visit.Facts(), visit.Origin.Address, visit.Certificate);
        ProviderTokens? kept = null;
        if (judgement.Allows && route.Headers.ReadsTokens && judgement.Caller.Session is { ServiceAccount: null } session && !tokens.TryFind(session.Id, out kept))
        {
            var found = await tokens.FindAsync(session.Id, visit.Context.RequestAborted);
            // Without them the upstream would take a person for a stranger.
            if (found.Kind == LookupKind.Unavailable) judgement = judgement with { Refusal = RefusalKind.Unavailable };
            kept = found.Value;
        }
        // Written before it takes effect: a guarded route without a record lets nobody pass, and tells nobody that they may not.
        var recorded = await recorder.Decided(visit, judgement);
        if (recorded == Appended.Refused && route.Guarded) judgement = judgement with { Refusal = RefusalKind.Unaudited };
        var outcome = judgement.Refusal is { } refusal
            ? await refusing.RefuseAsync(visit, refusal, judgement)
            : await PassAsync(visit, route, connection, judgement, kept, seen);
        recorder.Ended(visit, outcome, connection.Ending, recorded);
    }

    private async Task<ForwardOutcome> PassAsync(Visit visit, Route route, Connection connection, Judgement judgement, ProviderTokens? kept, long seen)
    {
        if (route.Action is not ForwardAction)
        {
            await Redirects.AnswerAsync(visit.Context, route, visit.Head, visit.Origin);
            return new ForwardOutcome(visit.Context.Response.StatusCode, Proxy.EndedBy.Doorward);
        }
        var caller = judgement.Caller;
        var identity = caller is { Session: { } session, Person: { } person } ? assertions.Get(session, person, route, visit.Head.Host.Name) : IdentityHeaders.None;
        if (kept is not null) identity = identity with { IdToken = kept.Id, AccessToken = kept.Access };
        connection.Open(judgement, now => JudgeAgain(visit, now));
        review.Opened(connection, seen);
        using var span = tracing.BeginForward(visit);
        var outcome = await forwarding.SendAsync(visit.Context, route, visit.Forwarded(identity, caller, span), connection);
        Tracing.End(span, outcome.Status);
        if (!outcome.NeedsAnswer) return outcome;
        if (connection.Ending is not { } ending)
        {
            await refusing.FailedAsync(visit, outcome);
            return outcome;
        }
        await refusing.RefuseAsync(visit, ending.Kind, judgement);
        return outcome with { Status = visit.Context.Response.StatusCode };
    }

    /// <summary>As if the same request came now: another route may answer for it, or none.</summary>
    private Judgement JudgeAgain(Visit visit, Caller caller)
    {
        var now = serving();
        var route = now.Configuration.Table.Find(visit.Head, out var defect);
        if (route is null || defect != Defect.None) return new Judgement(null, default, RefusalKind.NoRoute, caller);
        var certificate = now == visit.Serving ? visit.Certificate : certificates.FactsOf(visit.Context, visit.Head.Host);
        return judge.Decide(route, caller, visit.Facts(), visit.Origin.Address, certificate);
    }
}
