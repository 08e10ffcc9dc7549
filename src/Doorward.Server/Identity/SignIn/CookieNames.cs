using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// The names and attributes of our cookies. With TLS all carry <c>__Host-</c>: no other host can set or see them (RFC 6265bis section
/// 4.1.3.2). Without, which is for trying out, browsers would refuse that name.
/// </summary>
internal sealed class CookieNames(bool secure)
{
    private readonly string _prefix = (secure ? "__Host-" : "") + Product.CookiePrefix;

    /// <summary>The session, at the host that set it.</summary>
    public string Session => _prefix;

    /// <summary>Ties hand-over codes to this browser at a route's host.</summary>
    public string Nonce => _prefix + "-nonce";

    /// <summary>A sign-in under way.</summary>
    public string FlowPrefix => _prefix + "-flow-";

    /// <summary>The same, for providers whose answer another site posts.</summary>
    public string PostPrefix => _prefix + "-post-";

    /// <summary>What such a provider posted beside the code.</summary>
    public string PostedUserPrefix => _prefix + "-user-";

    public void Set(HttpContext context, string name, string value, TimeSpan? life, SameSiteMode sameSite = SameSiteMode.Lax) =>
        context.Response.Cookies.Append(name, value, new CookieOptions { Path = "/", Secure = secure, HttpOnly = true, SameSite = sameSite, MaxAge = life });

    // A browser forgets a __Host- cookie only where the deletion is spelt like the cookie.
    public void Delete(HttpContext context, string name, SameSiteMode sameSite = SameSiteMode.Lax) =>
        context.Response.Cookies.Append(
            name, "", new CookieOptions { Path = "/", Secure = secure, HttpOnly = true, SameSite = sameSite, MaxAge = TimeSpan.Zero, Expires = DateTimeOffset.UnixEpoch });
}
