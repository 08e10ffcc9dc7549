using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Doorward.Server.Identity.Providers;

/// <summary>The URL that starts a sign-in (RFC 6749 section 4.1.1, RFC 7636, OpenID Connect Core section 3.1.2.1).</summary>
internal static class AuthorizationUrl
{
    public static Uri Of(Uri endpoint, ProviderSettings settings, Preset preset, AuthorizationRequest request)
    {
        var parameters = new Dictionary<string, string>(preset.AuthorizationParameters);
        foreach (var (name, value) in settings.AuthorizationParameters) parameters[name] = value;

        // Ours come last: no setting may weaken them.
        parameters["response_type"] = "code";
        parameters["client_id"] = settings.ClientId;
        parameters["redirect_uri"] = request.Callback.AbsoluteUri;
        parameters["scope"] = string.Join(' ', settings.Scopes ?? preset.Scopes);
        parameters["state"] = request.State;
        parameters["nonce"] = request.Nonce;
        parameters["code_challenge"] = Challenge(request.Verifier);
        parameters["code_challenge_method"] = "S256";
        if (request.LoginHint is { } hint) parameters["login_hint"] = hint;
        if ((request.Acr.Count > 0 ? request.Acr : settings.Acr) is { Count: > 0 } classes) parameters["acr_values"] = string.Join(' ', classes);
        if (request.Afresh)
        {
            // Some know only one of the two.
            parameters["prompt"] = "login";
            parameters["max_age"] = "0";
        }

        var query = string.Join('&', parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
        return new Uri($"{endpoint.AbsoluteUri}{(endpoint.Query.Length > 0 ? '&' : '?')}{query}");
    }

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
