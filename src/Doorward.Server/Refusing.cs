using Doorward.Server.Access;
using Doorward.Server.Console;
using Doorward.Server.Proxy;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server;

/// <summary>Where a request is sent that signing in, or in again, would help; sets what the browser must hold for the way back.</summary>
internal delegate string? SignInUrl(Visit visit, in Judgement judgement);

/// <summary>Puts together what somebody is told who does not get through. <see cref="Answer"/> alone writes it.</summary>
internal sealed partial class Refusing(Answer answer, Recorder recorder, PageWriter pages, SignInUrl signInUrl, ILogger<Refusing> log)
{
    public async Task<ForwardOutcome> RefuseAsync(Visit visit, RefusalKind kind, Judgement judgement)
    {
        // Pages and redirects are work for the pool, not for a socket's thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var url = kind is RefusalKind.SignIn or RefusalKind.StepUp ? UrlFor(visit, ref kind, judgement) : null;
        await answer.RefuseAsync(visit.Context, new Refusal(kind, visit.Id)
        {
            Route = visit.Route,
            Decision = judgement.Decision,
            Explanation = judgement.Facts is { } facts && visit.Route is { ShowErrorDetails: true } route ? route.Policy.Explain(facts) : null,
            SignInUrl = url,
            LosesBody = !HttpMethods.IsGet(visit.Context.Request.Method) && !HttpMethods.IsHead(visit.Context.Request.Method),
            Person = judgement.Caller.Person?.Facts.Email ?? judgement.Caller.Person?.Name,
        });
        return new ForwardOutcome(visit.Context.Response.StatusCode, Proxy.EndedBy.Doorward);
    }

    // A node that has dropped what it knew has no keys to begin a sign-in with: it cannot tell who is a stranger either.
    private string? UrlFor(Visit visit, ref RefusalKind kind, in Judgement judgement)
    {
        try
        {
            return signInUrl(visit, judgement);
        }
        catch (StoreUnavailableException)
        {
            kind = RefusalKind.Unavailable;
            return null;
        }
    }

    /// <summary>Refused without asking the policy; recorded all the same.</summary>
    public async Task UnjudgedAsync(Visit visit, RefusalKind kind, Judgement unjudged)
    {
        await recorder.Decided(visit, unjudged);
        // Whoever is told of it is told nothing of criteria: none was looked at.
        await RefuseAsync(visit, kind, unjudged with { Facts = null });
    }

    /// <summary>The upstream gave no answer: a person gets a page, a program the status and the id.</summary>
    public Task FailedAsync(Visit visit, ForwardOutcome outcome)
    {
        var response = visit.Context.Response;
        if (response.HasStarted) return Task.CompletedTask;
        if (outcome.Defect != Defect.None) return Defects.RejectAsync(visit.Context, outcome.Defect);
        response.Headers["X-Request-Id"] = visit.Id;
        return Audiences.Of(visit.Context.Request) == Audience.Person
            ? pages.ErrorAsync(visit.Context, outcome.Status, visit.Id)
            : Answer.FailAsync(visit.Context, outcome.Status, visit.Id);
    }

    /// <summary>A fault of ours: nothing was forwarded, and nothing of it is told but the id.</summary>
    public Task FaultAsync(HttpContext context, Exception fault)
    {
        LogFault(log, fault, context.TraceIdentifier);
        context.Response.Clear();
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
        return Audiences.Of(context.Request) == Audience.Person
            ? pages.ErrorAsync(context, StatusCodes.Status500InternalServerError, context.TraceIdentifier)
            : Answer.FaultAsync(context, context.TraceIdentifier);
    }

    /// <summary>The store did not answer something that is no judgement, such as a page of ours: nothing is known, and it is worth coming again.</summary>
    public Task AwayAsync(HttpContext context, Exception fault)
    {
        LogAway(log, context.TraceIdentifier, fault.Message);
        context.Response.Clear();
        return answer.RefuseAsync(context, new Refusal(RefusalKind.Unavailable, context.TraceIdentifier));
    }

    [LoggerMessage(LogLevel.Warning, "Request {Id} could not be answered without the store: {Reason}")]
    private static partial void LogAway(ILogger log, string id, string reason);

    [LoggerMessage(LogLevel.Error, "A fault while answering request {Id}")]
    private static partial void LogFault(ILogger log, Exception fault, string id);
}
