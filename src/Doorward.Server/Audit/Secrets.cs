using System.Collections.Frozen;

namespace Doorward.Server.Audit;

/// <summary>
/// Names of headers, parameters and claims whose values let their bearer in somewhere. A policy may read them; a record never
/// shows them, so a decision that read one cannot be replayed.
/// </summary>
internal static class Secrets
{
    private static readonly FrozenSet<string> _names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "api_key", "apikey", "x-auth-token",
        "x-csrf-token", "x-xsrf-token", "code", "state", "nonce", "token", "access_token", "id_token", "refresh_token", "id_token_hint",
        "logout_token", "client_secret", "client_assertion", "assertion", "password", "passwd", "pwd", "secret", "key", "sig", "signature",
        "x-amz-security-token", "x-amz-signature", "saml_response", "samlresponse", "sid");

    public static bool Named(string name) => _names.Contains(name);
}
