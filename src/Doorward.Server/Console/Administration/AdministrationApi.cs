using Doorward.Server.Identity;
using Doorward.Server.Identity.ServiceAccounts;
using Doorward.Server.Routes.Comparison;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Doorward.Server.Console.Administration;

/// <summary>
/// The administration, as commands and programs reach it. Over the Unix socket, which only the server's own user can open, whoever
/// connects is an administrator; from afar it takes a service account with the role <c>admin</c>. No cookie counts here, so no
/// page of another site can make a browser call it.
/// </summary>
internal sealed class AdministrationApi(ServiceAccountTable accounts, ServiceAccountsApi serviceAccounts, ConfigurationApi configuration)
{
    public const string Path = Product.ReservedPath + "/api";

    public void MapLocal(IEndpointRouteBuilder routes) => Map(routes.MapGroup(Path));

    public void MapRemote(IEndpointRouteBuilder routes) => Map(routes.MapGroup(Path).AddEndpointFilter(RequireAdminAsync));

    private void Map(RouteGroupBuilder group)
    {
        group.AddEndpointFilter(UncachedAsync);
        serviceAccounts.Map(group);
        configuration.Map(group);
    }

    // Secrets are told here, once.
    private static ValueTask<object?> UncachedAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var headers = invocation.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        return next(invocation);
    }

    private async ValueTask<object?> RequireAdminAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var caller = Bearer(context.Request) is { } secret ? accounts.Find(secret) : Caller.Stranger;
        if (caller.Kind == CallerKind.Unavailable) return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (caller.Session?.ServiceAccount is not { } id)
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Product.Name}\"";
            return TypedResults.Problem("Send the secret of a service account with the role admin.", statusCode: StatusCodes.Status401Unauthorized);
        }
        if (accounts.RoleOf(id) != ServiceAccountRole.Admin)
            return TypedResults.Problem("This service account has not the role admin.", statusCode: StatusCodes.Status403Forbidden);
        context.Features.Set<Caller?>(caller);
        return await next(invocation);
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].Trim() : null;
}
