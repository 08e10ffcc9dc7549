namespace Doorward.Server.Proxy.Headers;

/// <summary>Knows a credential that was meant for Doorward by its looks, so that it stays here even where nobody could use it.</summary>
internal static class OurCredentials
{
    private static readonly string[] Schemes = ["Doorward ", "Pomerium ", "Bearer doorward_", "Bearer Doorward-", "Bearer Pomerium-"];

    public static bool IsOurs(string? authorization)
    {
        foreach (var scheme in Schemes)
        {
            if (authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }
}
