using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Checks the SCIM clients: a client with a mistake would keep people whom its directory has let go.</summary>
internal static class ScimChecks
{
    private const int ShortestToken = 32;

    public static void Run(ConfigurationOptions options, Findings findings)
    {
        var names = new HashSet<string>();
        foreach (var client in options.Scim)
        {
            if (client.Name.Length is 0 or > 40 || !client.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
                findings.Error("DW2078", $"«{client.Name}» cannot be a SCIM client's name.", "Write lower-case letters, digits and dashes, 40 at most.", client.At(nameof(client.Name)));
            else if (!names.Add(client.Name))
                findings.Error("DW2078", $"There are two SCIM clients «{client.Name}».", "Give one another name.", client.At(nameof(client.Name)));
            if (client.Token is { } token && token.Value.Trim().Length < ShortestToken)
                findings.Error("DW2079", $"The token of the SCIM client «{client.Name}» is too short to be safe.", "Make one: openssl rand -base64 32", client.At(nameof(client.Token)));
        }
    }
}
