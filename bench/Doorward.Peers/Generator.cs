using System.Globalization;
using System.Text.RegularExpressions;

namespace Doorward.Peers;

/// <summary>What one round of load saw.</summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="PerSecond">Answered requests a second.</param>
/// <param name="P99">99th percentile of latency, in milliseconds.</param>
/// <param name="Failures">Answers other than 2xx and 3xx, and socket errors.</param>
internal sealed record LoadResult(long Requests, double PerSecond, double P99, long Failures);

/// <summary>wrk over HTTP/1.1 with keep-alive: the same generator for every peer.</summary>
internal static partial class Generator
{
    public static async Task<LoadResult> RunAsync(string script, string url, int connections, int seconds)
    {
        var output = await Commands.OutputAsync(Commands.LoadCore, "wrk",
            ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "--timeout", "10s", "-s", script, url]);
        return Parse(output);
    }

    internal static LoadResult Parse(string output)
    {
        var requests = Requests().Match(output);
        if (!requests.Success) throw new InvalidOperationException($"wrk did not finish:\n{output}");
        var failures = (NotOk().Match(output) is { Success: true } notOk ? long.Parse(notOk.Groups[1].Value, CultureInfo.InvariantCulture) : 0)
            + (SocketErrors().Match(output) is { Success: true } errors ? errors.Groups.Values.Skip(1).Sum(static group => long.Parse(group.Value, CultureInfo.InvariantCulture)) : 0);
        return new LoadResult(
            long.Parse(requests.Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            Milliseconds(P99().Match(output)),
            failures);
    }

    private static double Milliseconds(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
    {
        "us" => 0.001,
        "ms" => 1,
        _ => 1000,
    };

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex NotOk();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();
}
