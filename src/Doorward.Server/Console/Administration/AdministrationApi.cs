using Doorward.Server.Access;
using Doorward.Server.Identity;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Routes.Comparison;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>Whether somebody who is signed in may use the administration right now; null where too little is known to tell.</summary>
internal delegate bool? MayAdminister(Caller caller, HttpContext context);

/// <summary>
/// The administration, as commands and programs reach it. Over the Unix socket, which only the server's own user can open, whoever
/// connects is an administrator; from afar it takes a service account with the role <c>admin</c>, or the session of a person whom the
/// policy <c>admins</c> allows. A session counts only with a header that no page of another site can make a browser send.
/// </summary>
internal sealed class AdministrationApi(
    ServiceAccountTable accounts,
    BrowserSession browser,
    Destinations destinations,
    MayAdminister may,
    ServiceAccountsApi serviceAccounts,
    ConfigurationApi configuration,
    SessionsApi sessions,
    PeopleApi people,
    DevicesApi devices,
    LocksApi locks,
    SignalsApi signals,
    AuditApi audit,
    ExplanationsApi explanations,
    ExplainApi explain,
    StoreStart store)
{
    public const string Path = Product.ReservedPath + "/api";

    /// <summary>Another origin may not send it without being asked for (Fetch, CORS), and Doorward never allows it.</summary>
    public const string OwnHeader = Product.HeaderPrefix + "Administration";

    public void MapLocal(IEndpointRouteBuilder routes)
    {
        Map(routes.MapGroup(Path));
        explanations.Map(routes.MapGroup(Path).AddEndpointFilter(UncachedAsync).AddEndpointFilter(WithStoreAsync));
    }

    public void MapRemote(IEndpointRouteBuilder routes)
    {
        Map(routes.MapGroup(Path).AddEndpointFilter(RequireAdminAsync));
        // The owner of a route is no administrator, and may ask about that route's requests: the endpoint itself looks.
        explanations.Map(routes.MapGroup(Path).AddEndpointFilter(UncachedAsync).AddEndpointFilter(WithStoreAsync).AddEndpointFilter(RequireAccountAsync));
    }

    private void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(UncachedAsync).AddEndpointFilter(WithStoreAsync);
        serviceAccounts.Map(group);
        configuration.Map(group);
        sessions.Map(group);
        people.Map(group);
        devices.Map(group);
        locks.Map(group);
        signals.Map(group);
        explain.Map(group);
        audit.Map(group);
        group.MapGet(OpenApiDocument.Path, OpenApiDocument.WriteAsync);
    }

    // Secrets are told here, once.
    private static ValueTask<object?> UncachedAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var headers = invocation.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        return next(invocation);
    }

    private async ValueTask<object?> WithStoreAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        try
        {
            if (store.IsReady) return await next(invocation);
        }
        catch (StoreUnavailableException) when (!invocation.HttpContext.Response.HasStarted)
        {
        }
        invocation.HttpContext.Response.Headers.RetryAfter = Answer.RetryAfter;
        return TypedResults.Problem("The store does not answer, or is not ready yet.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private ValueTask<object?> RequireAdminAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) => RequireAsync(invocation, next, owners: false);

    private ValueTask<object?> RequireAccountAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) => RequireAsync(invocation, next, owners: true);

    private async ValueTask<object?> RequireAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, bool owners)
    {
        var context = invocation.HttpContext;
        var caller = Bearer(context.Request) is { } secret ? accounts.Find(secret)
            : context.Request.Headers.ContainsKey(OwnHeader) ? await browser.FindAsync(context, destinations.Own.IdnHost.ToLowerInvariant())
            : Caller.Stranger;
        if (caller.Kind == CallerKind.Unavailable) return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (caller is not { Kind: CallerKind.Known, Session: { } session })
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Product.Name}\"";
            return TypedResults.Problem("Send the secret of a service account with the role admin.", statusCode: StatusCodes.Status401Unauthorized);
        }
        if (session.ServiceAccount is { } id && accounts.RoleOf(id) != ServiceAccountRole.Admin)
        {
            if (owners) return await AsOwnerAsync(context, caller, invocation, next);
            return TypedResults.Problem("This service account has not the role admin.", statusCode: StatusCodes.Status403Forbidden);
        }
        switch (may(caller, context))
        {
            case null:
                return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
            case false when owners:
                return await AsOwnerAsync(context, caller, invocation, next);
            case false:
                return TypedResults.Problem("The policy «admins» does not let you in.", statusCode: StatusCodes.Status403Forbidden);
        }
        context.Features.Set<Caller?>(caller);
        return await next(invocation);
    }

    private static ValueTask<object?> AsOwnerAsync(HttpContext context, Caller caller, EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        context.Features.Set(new RouteOwner(caller));
        return next(invocation);
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : null;
}
