using System.Security.Cryptography;
using System.Text;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Doorward.DevIdp.Protocol;

/// <summary>Whether a request comes from a client that we know, and leads back to an address of its own.</summary>
internal sealed class ClientChecks(DevIdpOptions options) :
    IOpenIddictServerHandler<ValidateAuthorizationRequestContext>,
    IOpenIddictServerHandler<ValidateTokenRequestContext>,
    IOpenIddictServerHandler<ValidateEndSessionRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (Find(context.ClientId) is not { } client)
            context.Reject(Errors.InvalidClient, "No such client is configured here.");
        else if (!client.RedirectUris.Any(u => u.OriginalString == context.RedirectUri))
            context.Reject(Errors.InvalidRequest, "The redirect_uri is not one of this client's.");
        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (Find(context.ClientId) is not { } client || !SameSecret(client.Secret, context.ClientSecret))
            context.Reject(Errors.InvalidClient, "The client is not known, or its secret is not this one.");
        return default;
    }

    public ValueTask HandleAsync(ValidateEndSessionRequestContext context)
    {
        if (context.PostLogoutRedirectUri is not { } uri)
            return default;
        var clients = context.ClientId is { } id ? options.Clients.Where(c => c.Id == id) : options.Clients;
        if (!clients.Any(c => c.PostLogoutRedirectUris.Any(u => u.OriginalString == uri)))
            context.Reject(Errors.InvalidRequest, "The post_logout_redirect_uri is not one of this client's.");
        return default;
    }

    private DevIdpClient? Find(string? id) => options.Clients.FirstOrDefault(c => c.Id == id);

    private static bool SameSecret(string? known, string? shown) => known is null
        ? shown is null
        : shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(shown));
}
