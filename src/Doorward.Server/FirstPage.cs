using System.Net;
using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Console;
using Doorward.Server.Console.Pages;
using Doorward.Server.Identity;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>
/// Doorward's first page: which routes this person may open, by the very engine that judges their requests; of the others, why not,
/// when asked.
/// </summary>
internal sealed class FirstPage(Func<Serving> serving, Callers callers, Judge judge, Challenge challenge, Destinations destinations, PageWriter pages)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var now = serving();
        var caller = await callers.FindAsync(context.Request, now.OwnHost, device: null, context.RequestAborted);
        if (caller.Kind == CallerKind.Unavailable)
        {
            await pages.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, context.TraceIdentifier);
            return;
        }
        if (caller is not { Kind: CallerKind.Known, Person: { } person })
        {
            context.Response.Redirect(challenge.Url(context, new Asking(destinations.Own.GetLeftPart(UriPartial.Authority) + "/", Remedies.SignIn)));
            return;
        }
        var origin = now.Addresses.Read(context);
        var why = context.Request.Query["why"].ToString();
        var routes = now.Configuration.Routes.Where(route => route.Match.Host.Kind == Routes.Matching.HostPatternKind.Exact)
            .Select(route => (Route: route, Judgement: JudgementOf(route, caller, origin))).ToList();
        await pages.PortalAsync(context, new PortalModel
        {
            Navigation = new Navigation(person.Name ?? person.Facts.Email ?? person.Id, "/", SessionsPage.Path, Paths.SignOut),
            Open = [.. routes.Where(pair => pair.Judgement.Allows).Select(pair => LineOf(pair.Route, pair.Judgement, why))],
            Closed = [.. routes.Where(pair => !pair.Judgement.Allows).Select(pair => LineOf(pair.Route, pair.Judgement, why))],
        });
    }

    private Judgement JudgementOf(Route route, Caller caller, ClientOrigin origin) => judge.Decide(
        route,
        caller,
        new RequestFacts { Method = HttpMethods.Get, Host = route.Match.Host.Name, Path = PathOf(route) },
        origin.Address ?? IPAddress.None,
        null);

    private PortalRoute LineOf(Route route, Judgement judgement, string why) => new(
        route.Presentation.Title ?? route.Name,
        UrlOf(route),
        route.Presentation.Description,
        $"/?why={Uri.EscapeDataString(route.Name)}",
        why == route.Name && judgement.Facts is { } facts ? ReasonLines.Of(route.Policy.Explain(facts)) : null);

    private string UrlOf(Route route)
    {
        var port = route.Match.Port ?? destinations.Own.Port;
        return new UriBuilder(destinations.Own.Scheme, route.Match.Host.Name, port, PathOf(route)).Uri.AbsoluteUri;
    }

    private static string PathOf(Route route) => route.Match.Path ?? route.Match.Prefix ?? "/";
}
