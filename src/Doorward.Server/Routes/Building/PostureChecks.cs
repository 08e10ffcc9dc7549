using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Checks the posture sources: what they say opens and closes doors.</summary>
internal static class PostureChecks
{
    private const int ShortestSecret = 32;

    public static void Run(ConfigurationOptions options, Findings findings)
    {
        var (names, secrets) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var source in options.Posture)
        {
            if (source.Name.Length is 0 or > 40 || !source.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
                findings.Error("DW2085", $"«{source.Name}» cannot be a posture source's name.", "Write lower-case letters, digits and dashes, 40 at most.", source.At(nameof(source.Name)));
            else if (!names.Add(source.Name))
                findings.Error("DW2085", $"There are two posture sources «{source.Name}».", "Give one another name.", source.At(nameof(source.Name)));
            if (source.Secret is not { } secret) continue;
            if (secret.Value.Trim().Length < ShortestSecret)
                findings.Error("DW2086", $"The secret of the posture source «{source.Name}» is too short to be safe.", "Make one: openssl rand -base64 32", source.At(nameof(source.Secret)));
            else if (!secrets.Add(secret.Value.Trim()))
                findings.Error("DW2086", $"The posture source «{source.Name}» has another one's secret: what is signed for one would count at both.", "Give each its own.", source.At(nameof(source.Secret)));
        }
    }
}
