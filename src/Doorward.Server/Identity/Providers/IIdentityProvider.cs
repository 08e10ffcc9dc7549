using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Signs people in: by OpenID Connect, or, for GitHub, by plain OAuth 2. Every method may throw <see cref="ProviderFaultException"/>.</summary>
internal interface IIdentityProvider : IDisposable
{
    ProviderSettings Settings { get; }

    Preset Preset { get; }

    /// <summary>Who its tokens say that they are from; null for plain OAuth 2, which has none.</summary>
    IssuerRule? Issuers { get; }

    /// <summary>Where the browser goes to sign in.</summary>
    Task<Uri> AuthorizeAsync(AuthorizationRequest request, CancellationToken cancel);

    /// <summary>Whether the <c>iss</c> of an authorization response (RFC 9207) is right, or rightly missing.</summary>
    Task<bool> AdmitsResponseIssuerAsync(string? issuer, CancellationToken cancel);

    /// <summary>Redeems the code that came back.</summary>
    Task<SignedIn> ExchangeAsync(CodeExchange exchange, CancellationToken cancel);

    /// <summary>
    /// Asks anew what the provider says about the person. <paramref name="keep"/> is called with new tokens before anything else is
    /// done with them: a provider that rotates has already forgotten the old ones. Null where there is nothing to ask with.
    /// </summary>
    Task<SignedIn?> RefreshAsync(ProviderTokens tokens, string subject, Func<ProviderTokens, Task> keep, CancellationToken cancel);

    /// <summary>Where the browser goes to sign out at the provider; null where it offers nothing.</summary>
    Task<Uri?> SignOutAsync(string? idToken, Uri back, string state, CancellationToken cancel);

    /// <summary>Judges a logout token that was posted to us; null where this kind of provider sends none.</summary>
    Task<TokenVerdict?> ReadLogoutAsync(string token, CancellationToken cancel);

    /// <summary>Ends the tokens at the provider, as far as it offers that.</summary>
    Task RevokeAsync(ProviderTokens tokens, CancellationToken cancel);
}

/// <summary>What one sign-in asks of the provider.</summary>
internal sealed record AuthorizationRequest(Uri Callback, string State, string Nonce, string Verifier)
{
    public string? LoginHint { get; init; }

    /// <summary>The person shall prove again who they are.</summary>
    public bool Afresh { get; init; }

    /// <summary>The classes of authentication that would satisfy, best first.</summary>
    public IReadOnlyList<string> Acr { get; init; } = [];
}

/// <summary>What came back, with what was kept for it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Callback">The redirect URI of the authorization request.</param>
/// <param name="Nonce">The nonce of the authorization request.</param>
/// <param name="Verifier">The PKCE verifier.</param>
/// <param name="PostedUser">Apple's <c>user</c> form field: sent once, by the browser, and signed by nobody.</param>
internal sealed record CodeExchange(string Code, Uri Callback, string Nonce, string Verifier, JsonElement? PostedUser = null);
