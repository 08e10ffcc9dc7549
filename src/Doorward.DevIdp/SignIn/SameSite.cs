using Microsoft.AspNetCore.Http;

namespace Doorward.DevIdp.SignIn;

/// <summary>Whether a form was sent from a page of ours: another site must not sign people in here, nor change them.</summary>
internal static class SameSite
{
    public static bool Allows(HttpRequest request)
    {
        // Browsers send the first; a browser without it sends the second; what sends neither is no browser and holds no cookie of ours.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site is "same-origin" or "none";
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}";
    }
}
