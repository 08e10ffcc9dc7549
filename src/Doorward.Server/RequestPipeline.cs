using Doorward.Server.Access;
using Doorward.Server.Audit;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Tls;
using Doorward.Server.Routes;
using Doorward.Server.Store.Feed;
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
    Recorder recorder,
    Refusing refusing,
    AssertionCache assertions,
    Forwarding forwarding,
    OwnPages own,
    RequestId ids)
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
            await refusing.FaultAsync(context, e);
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
        if (head.Host.Name == now.OwnHost) return own.AnswerOwnHostAsync(context);
        if (OwnPages.IsOurs(head.Target)) return own.AnswerRouteHostAsync(context, head);
        return ServeAsync(context, head, origin);
    }

    private async Task ServeAsync(HttpContext context, RequestHead head, ClientOrigin origin)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
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
            if (!callers.TryFind(context.Request, head.Host.Name, out var caller))
                caller = await callers.FindAsync(context.Request, head.Host.Name, context.RequestAborted);
            var visit = new Visit(context, head, origin, now, route, certificates.FactsOf(context, head.Host));
            if (route is null)
            {
                await refusing.NoRouteAsync(visit);
                return;
            }
            using var connection = live.Enter(context.TraceIdentifier, route, caller.Session);
            if (generation.Current != seen) continue;
            await JudgeAsync(visit, route, connection, caller);
            return;
        }
        await refusing.RefuseAsync(new Visit(context, head, origin, serving(), null, null), RefusalKind.Unavailable, default);
    }

    private async Task JudgeAsync(Visit visit, Route route, Connection connection, Caller caller)
    {
        var judgement = judge.Decide(route, caller, visit.Facts(), visit.Origin.Address, visit.Certificate);
        connection.Lease = judgement.Decision;
        // Written before it takes effect: a guarded route without a record lets nobody pass.
        var recorded = recorder.Decided(visit, judgement);
        if (!recorded.IsCompletedSuccessfully ? await recorded != Appended.Written : recorded.Result != Appended.Written)
            if (judgement.Allows && route.Guarded) judgement = judgement with { Refusal = RefusalKind.Unaudited };
        var outcome = judgement.Refusal is { } refusal
            ? await refusing.RefuseAsync(visit, refusal, judgement)
            : await PassAsync(visit, route, connection, judgement.Caller);
        recorder.Ended(visit, outcome);
    }

    private async Task<ForwardOutcome> PassAsync(Visit visit, Route route, Connection connection, Caller caller)
    {
        if (route.Action is not ForwardAction)
        {
            await Redirects.AnswerAsync(visit.Context, route, visit.Head, visit.Origin);
            return new ForwardOutcome(visit.Context.Response.StatusCode, Proxy.EndedBy.Doorward);
        }
        var identity = caller is { Session: { } session, Person: { } person } ? assertions.Get(session, person, route, visit.Head.Host.Name) : IdentityHeaders.None;
        using var cut = new CancellationTokenSource();
        connection.Cut = _ => cut.Cancel();
        var outcome = await forwarding.SendAsync(visit.Context, route, visit.Forwarded(identity, caller), cut.Token);
        connection.Cut = null;
        if (outcome.NeedsAnswer) await refusing.FailedAsync(visit, outcome);
        return outcome;
    }
}
