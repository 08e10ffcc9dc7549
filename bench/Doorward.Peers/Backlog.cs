using System.Globalization;
using System.Text.RegularExpressions;

namespace Doorward.Peers;

/// <summary>The audit records that Doorward has still to bring to its store and its other sinks.</summary>
internal static partial class Backlog
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // Longer than a group of records waits to be chained: before that, nobody knows of the newest.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    public static async Task EmptyAsync(Uri metrics)
    {
        using var client = new HttpClient();
        using var patience = new CancellationTokenSource(_patience);
        do await Task.Delay(_pause, patience.Token);
        while (Behind().Matches(await client.GetStringAsync(metrics, patience.Token)).Any(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) > 0));
    }

    [GeneratedRegex(@"^doorward_audit_sink_behind_records\{[^}]*\} ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Behind();
}
