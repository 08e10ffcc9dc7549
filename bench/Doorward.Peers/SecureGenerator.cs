using System.Globalization;
using System.Text.RegularExpressions;

namespace Doorward.Peers;

/// <summary>What is asked for over TLS.</summary>
internal enum SecureKind
{
    /// <summary>HTTP/1.1 on connections that stay.</summary>
    Http1,

    /// <summary>HTTP/2, one stream at a time on connections that stay.</summary>
    Http2,

    /// <summary>A new connection for each request, so many a second that no peer is at its end.</summary>
    NewConnections,
}

/// <summary>Requests over TLS.</summary>
/// <param name="Kind">On which connections.</param>
/// <param name="Host">The host that is asked for, in the handshake too.</param>
/// <param name="Cookie">The one cookie header that all of them carry.</param>
internal sealed record SecureLoad(SecureKind Kind, string Host, string Cookie);

/// <summary>h2load, which can name a host that nothing resolves. It tells no percentiles.</summary>
internal static partial class SecureGenerator
{
    private const int NewPerSecond = 200;

    public static async Task<LoadResult> RunAsync(SecureLoad load, string url, int connections, int seconds)
    {
        var port = new Uri(url).Port;
        var number = NewPerSecond * seconds;
        string[] how = load.Kind switch
        {
            SecureKind.Http1 => ["--h1", $"-c{connections}", $"-D{seconds}"],
            SecureKind.Http2 => ["-m1", $"-c{connections}", $"-D{seconds}"],
            _ => ["--h1", $"-n{number}", $"-c{number}", $"-r{NewPerSecond}"],
        };
        return Parse(await Commands.OutputAsync(Commands.LoadCore, "h2load",
            ["-t1", .. how, "-H", $"cookie: {load.Cookie}", $"--connect-to=127.0.0.1:{port}", $"https://{load.Host}:{port}/"]));
    }

    internal static LoadResult Parse(string output)
    {
        var requests = Requests().Match(output);
        if (!requests.Success) throw new InvalidOperationException($"h2load did not finish:\n{output}");
        var (done, good) = (Number(requests.Groups[1]), Number(Codes().Match(output).Groups[1]));
        return new LoadResult(good, double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), double.NaN, done - good);
    }

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"requests: \d+ total, \d+ started, (\d+) done")]
    private static partial Regex Requests();

    [GeneratedRegex(@"status codes: (\d+) 2xx")]
    private static partial Regex Codes();

    [GeneratedRegex(@"finished in [\d.]+m?s, ([\d.]+) req/s")]
    private static partial Regex PerSecond();
}
