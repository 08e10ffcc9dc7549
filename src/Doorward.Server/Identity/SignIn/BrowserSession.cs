using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>The session cookie of one browser at one host.</summary>
internal sealed class BrowserSession(CookieNames names, SessionTable table, Cookies cookies, SessionLimits limits)
{
    public async ValueTask<Caller> FindAsync(HttpContext context, string host) =>
        context.Request.Cookies[names.Session] is { Length: > 0 } cookie ? await table.FindAsync(cookie, host, context.RequestAborted) : Caller.Stranger;

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
