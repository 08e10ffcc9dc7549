using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Doorward.DevIdp.SignIn;

/// <summary>Who is signed in here, by the browser's cookie. In memory: after a restart people type their password again.</summary>
internal sealed class BrowserSessions(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, BrowserSession> _byCookie = new();

    public BrowserSession? Find(HttpContext http) =>
        http.Request.Cookies.TryGetValue(CookieName(http), out var cookie) && cookie is not null ? _byCookie.GetValueOrDefault(cookie) : null;

    /// <summary>A new cookie at every sign-in; the session's id stays where the same person signs in again.</summary>
    public BrowserSession Start(HttpContext http, string userName, bool secondFactor)
    {
        var before = End(http);
        var session = new BrowserSession(
            before?.UserName == userName ? before.Id : Token(),
            userName,
            time.GetUtcNow(),
            secondFactor ? AuthenticationLevel.MultiFactor : AuthenticationLevel.Password,
            secondFactor ? ["pwd", "otp", "mfa"] : ["pwd"]);
        var cookie = Token();
        _byCookie[cookie] = session;
        http.Response.Cookies.Append(CookieName(http), cookie, Cookie(http));
        return session;
    }

    public BrowserSession? End(HttpContext http)
    {
        if (!http.Request.Cookies.TryGetValue(CookieName(http), out var cookie) || cookie is null)
            return null;
        http.Response.Cookies.Delete(CookieName(http), Cookie(http));
        return _byCookie.TryRemove(cookie, out var session) ? session : null;
    }

    /// <summary>Ends a session known by its id, such as from another browser's sign-out.</summary>
    public void End(string id)
    {
        foreach (var (cookie, _) in _byCookie.Where(s => s.Value.Id == id))
            _byCookie.TryRemove(cookie, out _);
    }

    private static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // Plain http (loopback only) cannot carry a __Host- cookie.
    private static string CookieName(HttpContext http) => http.Request.IsHttps ? "__Host-devidp" : "devidp";

    private static CookieOptions Cookie(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/" };
}
