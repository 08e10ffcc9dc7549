using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.SignIn;

/// <summary>What signing in answers, on Doorward's own host and on the routes'. Nothing of it may be kept by a cache, and no address of it told to another site.</summary>
internal sealed partial class SignInEndpoints(
    SignInStart start, SignInCallback callback, PostedCallback posted, HandOverSteps handOver, SignOut signOut, Destinations destinations, SignInPages pages, ILogger<SignInEndpoints> log)
{
    /// <summary>Answers on Doorward's own host; false where the path is not one of ours.</summary>
    public Task<bool> AnswerOwnHostAsync(HttpContext context) => context.Request.Path.Value switch
    {
        Paths.SignIn => OnAsync(context, get: start.AnswerAsync),
        Paths.Callback => OnAsync(context, get: c => callback.AnswerAsync(c, posted.TakeUser(c)), post: posted.RedirectAsync),
        Paths.SignOut => OnAsync(context, get: signOut.AskAsync, post: signOut.EndAsync),
        Paths.SignedOut => OnAsync(context, get: c => pages.SignedOut(c)),
        _ => Task.FromResult(false),
    };

    /// <summary>Answers on a route's host; false where the path is not one of ours.</summary>
    /// <param name="context">The request.</param>
    /// <param name="host">The host that was requested, in its normal form.</param>
    public Task<bool> AnswerRouteHostAsync(HttpContext context, string host) => context.Request.Path.Value switch
    {
        Paths.HandOver => OnAsync(context, get: c => handOver.ReceiveAsync(c, host)),
        Paths.SignOut => OnAsync(context, get: AskOnOwnHost),
        _ => Task.FromResult(false),
    };

    // A route's page shares its origin with this path: only Doorward's own host asks, and ends.
    private Task AskOnOwnHost(HttpContext context)
    {
        context.Response.Redirect(new Uri(destinations.Own, Paths.SignOut).AbsoluteUri);
        return Task.CompletedTask;
    }

    private async Task<bool> OnAsync(HttpContext context, RequestDelegate get, RequestDelegate? post = null)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        var answer = HttpMethods.IsGet(context.Request.Method) ? get : HttpMethods.IsPost(context.Request.Method) ? post : null;
        // A script of a route's page must not install itself below our path.
        if (context.Request.Headers.ContainsKey("Service-Worker")) context.Response.StatusCode = StatusCodes.Status403Forbidden;
        else if (answer is null) context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        else await TryAsync(context, answer);
        return true;
    }

    private async Task TryAsync(HttpContext context, RequestDelegate answer)
    {
        try
        {
            await answer(context);
        }
        catch (ProviderFaultException e) when (!context.Response.HasStarted)
        {
            LogFault(log, e);
            await pages.Trouble(context, e.IsHiccup ? SignInTrouble.Unavailable : SignInTrouble.ProviderFault, null);
        }
        catch (StoreUnavailableException e) when (!context.Response.HasStarted)
        {
            LogFault(log, e);
            await pages.Trouble(context, SignInTrouble.Unavailable, null);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A sign-in could not go on")]
    private static partial void LogFault(ILogger log, Exception fault);
}
