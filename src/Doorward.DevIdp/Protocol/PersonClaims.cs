using System.Security.Claims;
using System.Text.Json;
using Doorward.DevIdp.People;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Doorward.DevIdp.Protocol;

/// <summary>What tokens and userinfo say of a person.</summary>
internal static class PersonClaims
{
    public const string GroupsScope = "groups";
    public const string GroupsClaim = "groups";
    public const string SessionIdClaim = "sid";
    public const string DeviceIdClaim = "deviceid";
    public const string DeviceCompliantClaim = "device_compliant";

    /// <summary>Ours alone, never in an id token: which grant a code or token belongs to, and which of its turns.</summary>
    public const string GrantClaim = "grant";

    public const string TurnClaim = "turn";

    public static IReadOnlyList<string> Supported { get; } =
    [
        Claims.Subject, Claims.Name, Claims.PreferredUsername, Claims.Email, Claims.EmailVerified, GroupsClaim, Claims.AuthenticationTime,
        Claims.AuthenticationContextReference, Claims.AuthenticationMethodReference, SessionIdClaim, DeviceIdClaim, DeviceCompliantClaim,
    ];

    /// <summary>The claims of one person under the scopes that were asked for.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Of(Person person, ICollection<string> scopes)
    {
        yield return new(Claims.Subject, person.Subject);
        if (scopes.Contains(Scopes.Profile))
        {
            yield return new(Claims.Name, person.Name);
            yield return new(Claims.PreferredUsername, person.UserName);
            yield return new(DeviceIdClaim, person.DeviceId);
            if (person.DeviceCompliant is { } compliant)
                yield return new(DeviceCompliantClaim, compliant);
        }
        if (scopes.Contains(Scopes.Email))
        {
            yield return new(Claims.Email, person.Email);
            yield return new(Claims.EmailVerified, person.EmailVerified);
        }
        if (scopes.Contains(GroupsScope))
            yield return new(GroupsClaim, person.Groups);
    }

    /// <summary>Everything that the tokens of one turn of a grant are made of.</summary>
    public static ClaimsPrincipal Principal(Person person, Grant grant, ICollection<string> scopes)
    {
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        foreach (var (name, value) in Of(person, scopes))
            Set(identity, name, value);
        Set(identity, SessionIdClaim, grant.Session.Id);
        Set(identity, Claims.AuthenticationContextReference, grant.Session.Acr);
        Set(identity, Claims.AuthenticationMethodReference, grant.Session.Amr);
        Set(identity, Claims.AuthenticationTime, grant.Session.AuthTime.ToUnixTimeSeconds());
        identity.SetClaim(GrantClaim, grant.Id).SetClaim(TurnClaim, (long)grant.Turn);

        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetDestinations(claim => claim.Type switch
        {
            GrantClaim => [Destinations.AccessToken],
            TurnClaim => [],
            _ => [Destinations.IdentityToken],
        });
        return principal;
    }

    private static void Set(ClaimsIdentity identity, string name, object value)
    {
        switch (value)
        {
            case string text: identity.SetClaim(name, text); break;
            case bool yes: identity.SetClaim(name, yes); break;
            case long number: identity.SetClaim(name, number); break;
            // By its JSON, so that one group is still a list.
            default: identity.AddClaim(new(name, JsonSerializer.Serialize(value), JsonClaimValueTypes.JsonArray)); break;
        }
    }
}
