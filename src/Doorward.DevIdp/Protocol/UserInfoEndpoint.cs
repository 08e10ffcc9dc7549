using System.Text.Json;
using Doorward.DevIdp.People;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Doorward.DevIdp.Protocol;

/// <summary>The person as they are now, for a valid access token of a grant in force.</summary>
internal sealed class UserInfoEndpoint(Grants grants, Roster roster, TimeProvider time) : IOpenIddictServerHandler<HandleUserInfoRequestContext>
{
    public ValueTask HandleAsync(HandleUserInfoRequestContext context)
    {
        var token = context.AccessTokenPrincipal;
        if (grants.Find(token.GetClaim(PersonClaims.GrantClaim)) is not { } grant
            || roster.Find(grant.Session.UserName) is not { } person
            || !person.MaySignIn(time.GetUtcNow()))
        {
            context.Reject(Errors.InvalidToken, "This person may no longer sign in, or their sign-in has ended.");
            return default;
        }
        context.Subject = person.Subject;
        foreach (var (name, value) in PersonClaims.Of(person, token.GetScopes()).Where(c => c.Key != Claims.Subject))
            context.Claims[name] = JsonSerializer.SerializeToElement(value);
        return default;
    }
}
