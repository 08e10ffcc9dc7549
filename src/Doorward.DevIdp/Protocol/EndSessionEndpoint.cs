using Doorward.DevIdp.Pages;
using Doorward.DevIdp.SignIn;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace Doorward.DevIdp.Protocol;

/// <summary>Sign-out asked for by a client (OpenID Connect RP-Initiated Logout 1.0): done at once, without a question.</summary>
internal sealed class EndSessionEndpoint(BrowserSessions sessions, Grants grants)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        foreach (var id in new[] { sessions.End(http)?.Id, hint?.GetClaim(PersonClaims.SessionIdClaim) }.OfType<string>().Distinct())
        {
            sessions.End(id);
            grants.EndSession(id);
        }
        return http.GetOpenIddictServerRequest()?.PostLogoutRedirectUri is null
            ? Page.Of<SignedOutPage>()
            : Results.SignOut(null, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
