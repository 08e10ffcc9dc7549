using System.CommandLine;
using Doorward.Policy;

namespace Doorward.Commands.Auditing;

/// <summary><c>doorward audit</c>: what was recorded, and whether it is as it was recorded.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Ask the audit trail, verify it, hand it on.")
    {
        AuditQuery.Create(), AuditVerify.Create(), AuditExtract.Create(), AuditReplay.Create(), AuditPseudonymise.Create(),
    };

    /// <summary>An instant, or how long ago.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = $"{description}: how long ago, such as 24h, or an instant such as 2030-01-31 or 2030-01-31T12:00Z.",
        HelpName = "WHEN",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Durations.TryParse(text, out var span)) return TimeProvider.System.GetUtcNow() - span;
            if (DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var instant)) return instant;
            result.AddError($"«{text}» is no time: write, for example, 24h or 2030-01-31.");
            return null;
        },
    };

    public static async Task<int> TellAsync(IReadOnlyList<Problem> problems, TextWriter error)
    {
        foreach (var problem in problems) await error.WriteLineAsync(problem.ToString());
        return ExitCodes.Problems;
    }
}
