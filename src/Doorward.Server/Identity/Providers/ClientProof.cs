using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>Proves to a provider's endpoints who we are (RFC 6749 section 2.3, RFC 7523 section 2.2).</summary>
internal sealed class ClientProof(ProviderSettings settings, Preset preset, TimeProvider time)
{
    /// <summary>The life of a signed proof; providers ask for minutes.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public void Add(HttpRequestMessage request, Dictionary<string, string> form, ProviderMetadata metadata)
    {
        switch (Choose(metadata.TokenEndpointAuthMethods))
        {
            case ClientAuthentication.Basic:
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
                    Encoding.UTF8.GetBytes($"{FormEncoded(settings.ClientId)}:{FormEncoded(settings.ClientSecret!)}")));
                return;
            case ClientAuthentication.PrivateKey:
                form["client_id"] = settings.ClientId;
                form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                form["client_assertion"] = Assertion(settings, settings.ClientId, metadata.TokenEndpoint.AbsoluteUri, time.GetUtcNow());
                return;
            default:
                form["client_id"] = settings.ClientId;
                if ((preset.Secret?.Invoke(settings, time.GetUtcNow()) ?? settings.ClientSecret) is { } secret) form["client_secret"] = secret;
                return;
        }
    }

    /// <summary>A token about ourselves, signed with the operator's key for this provider.</summary>
    public static string Assertion(ProviderSettings settings, string issuer, string audience, DateTimeOffset now)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(settings.PrivateKeyPem);
        var claims = new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = settings.ClientId,
            ["aud"] = audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        };
        return SignedToken.Write("JWT", settings.PrivateKeyId, Encoding.UTF8.GetBytes(claims.ToJsonString()), key);
    }

    private ClientAuthentication Choose(IReadOnlyList<string> offered)
    {
        if (preset.Secret is not null) return ClientAuthentication.Post;
        if (settings.Authentication != ClientAuthentication.Automatic) return settings.Authentication;
        if (settings.ClientSecret is null) return settings.PrivateKeyPem is null ? ClientAuthentication.Post : ClientAuthentication.PrivateKey;
        // Basic is what a provider has that says nothing (OpenID Connect Discovery section 3).
        return offered.Count == 0 || offered.Contains("client_secret_basic") ? ClientAuthentication.Basic : ClientAuthentication.Post;
    }

    // RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
