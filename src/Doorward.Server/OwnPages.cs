using Doorward.Server.Console;
using Doorward.Server.Console.Administration;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Identity.Devices.Posture;
using Doorward.Server.Identity.Scim;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Proxy;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>
/// What Doorward itself answers: everything on its own host; on routes' hosts, only what lies under the reserved path and the
/// published keys. None of it runs on a socket's thread.
/// </summary>
internal sealed class OwnPages(
    AssertionEndpoints assertions, SignInEndpoints signIn, FirstPage first, SessionsPage sessions, AdministrationApi administration, ScimEndpoints scim, SignalsEndpoint signals, BackChannelLogout logout, PostureEndpoint posture, PageWriter pages, StoreStart store, IServiceProvider services)
{
    private readonly RequestDelegate _administration = Endpoints(administration, services);

    public static bool IsOurs(RequestTarget target) =>
        target.IsReserved || target.Path.StartsWith(Product.WellKnownPath + "/") || target.Path.StartsWith("/.well-known/pomerium/");

    public async Task AnswerOwnHostAsync(HttpContext context)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        RequireStore(context);
        if (context.Request.Path == "/" && HttpMethods.IsGet(context.Request.Method)) await first.AnswerAsync(context);
        else if (context.Request.Path == SessionsPage.Path) await sessions.AnswerAsync(context);
        else if (context.Request.Path.StartsWithSegments(AdministrationApi.Path)) await _administration(context);
        else if (context.Request.Path.StartsWithSegments(ScimEndpoints.Path)) await scim.AnswerAsync(context);
        else if (context.Request.Path.StartsWithSegments(SignalsEndpoint.Path)) await signals.AnswerAsync(context);
        else if (context.Request.Path.StartsWithSegments(BackChannelLogout.Path)) await logout.AnswerAsync(context);
        else if (context.Request.Path.StartsWithSegments(PostureEndpoint.Path)) await posture.AnswerAsync(context);
        else if (!await assertions.AnswerOwnHostAsync(context) && !await signIn.AnswerOwnHostAsync(context)) await RestAsync(context);
    }

    public async Task AnswerRouteHostAsync(HttpContext context, RequestHead head)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        RequireStore(context);
        if (!await assertions.AnswerRouteHostAsync(context) && !await signIn.AnswerRouteHostAsync(context, head.Host.Name)) await RestAsync(context);
    }

    /// <summary>Before it is ready there is nothing to say, and an empty set of keys would be believed for minutes.</summary>
    private void RequireStore(HttpContext context)
    {
        if (!store.IsReady && !IsAsset(context)) throw new StoreUnavailableException("The store is not ready yet.");
    }

    private static bool IsAsset(HttpContext context) => context.Request.Path.StartsWithSegments(PageAssets.Root.TrimEnd('/'));

    private Task RestAsync(HttpContext context) => IsAsset(context)
        ? PageAssets.WriteAsync(context)
        : pages.ErrorAsync(context, StatusCodes.Status404NotFound, context.TraceIdentifier);

    private static RequestDelegate Endpoints(AdministrationApi administration, IServiceProvider services)
    {
        var branch = new ApplicationBuilder(services);
        branch.UseRouting();
        branch.UseEndpoints(administration.MapRemote);
        return branch.Build();
    }
}
