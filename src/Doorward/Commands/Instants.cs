using System.CommandLine.Parsing;
using System.Globalization;
using Doorward.Policy;

namespace Doorward.Commands;

/// <summary>Instants, as people write them on the command line and read them there.</summary>
internal static class Instants
{
    public const string Forms = "a time from now such as 90d, or an instant such as 2030-01-31 or 2030-01-31T12:00Z";

    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Durations.TryParse(text, out var span)) return TimeProvider.System.GetUtcNow() + span;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant;
        result.AddError($"«{text}» is no time: write, for example, 90d or 2030-01-31.");
        return null;
    }
}
