using System.Text.Json;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.Providers;

/// <summary>An id token that we believed at sign-in and kept encrypted since: read again, not judged again (its time has passed).</summary>
internal static class KeptToken
{
    public static JsonElement Claims(string token)
    {
        var parts = token.Split('.');
        return parts.Length == 3 && StrictBase64Url.TryDecode(parts[1], out var bytes) && StrictJson.TryObject(bytes, out var claims)
            ? claims.Value
            : throw new ProviderFaultException(ProviderStep.Refresh, ProviderFault.WrongContent, "the kept id token cannot be read");
    }
}
