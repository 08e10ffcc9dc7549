using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// Brings a session from Doorward's own host to the host that was asked for, and the browser back to the URL. The code in the URL is
/// worth something for a minute, once, at that host, in that browser.
/// </summary>
internal sealed class HandOverSteps(HandOver codes, BrowserSession browser, CookieNames names, Sealer sealer, Destinations destinations, SignInPages pages)
{
    private const string Purpose = "return-to";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>On Doorward's own host, when the session is there.</summary>
    public async Task LeadAsync(HttpContext context, string sessionId, SignInRequest request)
    {
        var target = request.ReturnTo ?? destinations.Own.AbsoluteUri;
        if (destinations.Check(target) is not { } url)
        {
            await pages.Trouble(context, SignInTrouble.Invalid, null);
            return;
        }

        if (destinations.IsOwn(url))
        {
            context.Response.Redirect(target);
            return;
        }

        if (request.NonceHash is not { } nonceHash)
        {
            await pages.Trouble(context, SignInTrouble.Invalid, target);
            return;
        }

        var code = await codes.IssueAsync(sessionId, url.Host, nonceHash, context.RequestAborted);
        context.Response.Redirect($"{url.GetLeftPart(UriPartial.Authority)}{Paths.HandOver}?code={code}&to={sealer.Seal(Purpose, url.Host, target, Life)}");
    }

    /// <summary>On the route's host.</summary>
    public async Task ReceiveAsync(HttpContext context, string host)
    {
        var query = context.Request.Query;
        var target = query["to"] is [{ } to] ? sealer.Open<string>(Purpose, host, to) : null;
        var url = destinations.Check(target);
        if (url?.Host != host) target = null;
        if (target is null || query["code"] is not [{ } code] || RequestCookies.Text(context.Request, names.Nonce) is not { } nonce)
        {
            await pages.Trouble(context, SignInTrouble.Invalid, target);
            return;
        }

        // Burnt whatever comes of it: a code that is shown by another browser was seen by somebody.
        if (await codes.RedeemAsync(code, host, nonce) is not { } sessionId || !await browser.SetAsync(context, sessionId, host))
        {
            await pages.Trouble(context, SignInTrouble.Invalid, target);
            return;
        }

        context.Response.Redirect(target);
    }
}
