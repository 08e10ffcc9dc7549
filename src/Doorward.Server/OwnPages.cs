using Doorward.Server.Console;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Proxy.Targets;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>
/// What Doorward itself answers: everything on its own host; on routes' hosts, only what lies under the reserved path and the
/// published keys. None of it runs on a socket's thread.
/// </summary>
/// <param name="assertions">Keys and discovery.</param>
/// <param name="ownHost">The other endpoints of Doorward's own host.</param>
/// <param name="routeHost">The other endpoints of routes' hosts: callback, sign-out.</param>
/// <param name="pages">For what is not there.</param>
internal sealed class OwnPages(AssertionEndpoints assertions, RequestDelegate ownHost, RequestDelegate routeHost, PageWriter pages)
{
    public static bool IsOurs(RequestTarget target) =>
        target.IsReserved || (target.Path.StartsWith("/.well-known/") && (target.Path.StartsWith(Product.WellKnownPath + "/") || target.Path.StartsWith("/.well-known/pomerium/")));

    public async Task AnswerOwnHostAsync(HttpContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!await assertions.AnswerOwnHostAsync(context)) await AnswerAsync(context, ownHost);
    }

    public async Task AnswerRouteHostAsync(HttpContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!await assertions.AnswerRouteHostAsync(context)) await AnswerAsync(context, routeHost);
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate endpoints)
    {
        await endpoints(context);
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound })
            await pages.ErrorAsync(context, StatusCodes.Status404NotFound, context.TraceIdentifier);
    }
}
