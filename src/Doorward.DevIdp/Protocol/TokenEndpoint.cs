using System.Globalization;
using Doorward.DevIdp.People;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Doorward.DevIdp.Protocol;

/// <summary>Codes and refresh tokens for new tokens; each time with the person as they are now.</summary>
internal sealed class TokenEndpoint(Grants grants, Roster roster, TimeProvider time)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var shown = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        var turn = int.Parse(shown.GetClaim(PersonClaims.TurnClaim)!, CultureInfo.InvariantCulture);
        if (grants.Use(shown.GetClaim(PersonClaims.GrantClaim), turn) is not { } grant || grant.ClientId != request.ClientId)
            return Refuse("This token was used before, or its sign-in has ended.");
        if (roster.Find(grant.Session.UserName) is not { } person || !person.MaySignIn(time.GetUtcNow()))
            return Refuse("This person may no longer sign in.");
        return Results.SignIn(
            PersonClaims.Principal(person, grant, shown.GetScopes()), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Refuse(string description) => Refusal.Result(Errors.InvalidGrant, description);
}

/// <summary>An answer of the protocol that says no.</summary>
internal static class Refusal
{
    public static IResult Result(string error, string description) => Results.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
