using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

internal static class EmailAddress
{
    /// <summary>The domain; null unless there is exactly one «@» with something on both sides.</summary>
    public static string? Domain(string? email)
    {
        if (email is null) return null;
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < email.Length - 1 && email.LastIndexOf('@') == at ? email[(at + 1)..] : null;
    }

    /// <summary><c>email_verified</c>, also as the text that Apple and Cognito send.</summary>
    public static bool IsVerified(JsonElement claims) => IsTrue(claims, "email_verified");

    public static bool IsTrue(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || claims.Text(name) == "true");
}
