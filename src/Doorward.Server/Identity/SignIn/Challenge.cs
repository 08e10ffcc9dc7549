using System.Buffers.Text;
using System.Security.Cryptography;
using Doorward.Policy;
using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>What is asked of whom, where a route does not let somebody in yet.</summary>
/// <param name="ReturnTo">The absolute URL that was asked for, made of the request's checked parts.</param>
/// <param name="Asked">What would help.</param>
/// <param name="Provider">The provider that the route names; null for the person's choice.</param>
/// <param name="Acr">The classes of authentication that would satisfy the policy, best first.</param>
internal sealed record Asking(string ReturnTo, Remedies Asked, string? Provider = null, IReadOnlyList<string>? Acr = null);

/// <summary>Makes the URL at which signing in begins. It gives the browser the nonce to which the hand-over back is bound.</summary>
internal sealed class Challenge(CookieNames names, Sealer sealer, Destinations destinations)
{
    public const string Purpose = "sign-in-request";
    private const int NonceLength = 43;

    /// <exception cref="Store.StoreUnavailableException">The keys were never loaded.</exception>
    public string Url(HttpContext context, Asking asking)
    {
        var returnTo = Destinations.Shortened(asking.ReturnTo);
        var isOwn = destinations.Check(returnTo) is { } url && destinations.IsOwn(url);
        var request = new SignInRequest
        {
            ReturnTo = returnTo,
            NonceHash = isOwn ? null : HandOver.HashOf(Nonce(context)),
            Provider = asking.Provider,
            Asked = asking.Asked,
            Acr = asking.Acr ?? [],
        };
        return $"{destinations.Own.GetLeftPart(UriPartial.Authority)}{Paths.SignIn}?request={sealer.Seal(Purpose, "", request, SignInRequest.Life)}";
    }

    // One for all tabs of a browser: the tab that comes back second would otherwise have lost its nonce.
    private string Nonce(HttpContext context)
    {
        if (RequestCookies.Text(context.Request, names.Nonce) is { Length: NonceLength } kept) return kept;
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        names.Set(context, names.Nonce, nonce, life: null);
        return nonce;
    }
}
