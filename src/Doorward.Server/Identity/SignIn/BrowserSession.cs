using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>The session cookie of one browser at one host.</summary>
internal sealed class BrowserSession(CookieNames names, SessionTable table, Cookies cookies, SessionLimits limits, StrayCookies strays)
{
    public async ValueTask<Caller> FindAsync(HttpContext context, string host)
    {
        if (RequestCookies.Text(context.Request, names.Session) is not { } cookie) return Caller.Stranger;
        var caller = await table.FindAsync(cookie, host, context.RequestAborted);
        if (caller.Stray is { } stray) strays.Report(context, host, stray);
        return caller;
    }

    /// <summary>Gives the browser a cookie of its own for this host; whatever stood there before is forgotten.</summary>
    /// <returns>False where the session is gone.</returns>
    public async Task<bool> SetAsync(HttpContext context, string sessionId, string host)
    {
        if (await cookies.CreateAsync(sessionId, host, CancellationToken.None) is not { } cookie) return false;
        // It may outlive the session: then it opens nothing.
        names.Set(context, names.Session, cookie, limits.Absolute);
        return true;
    }

    public void Forget(HttpContext context) => names.Delete(context, names.Session);
}
