using System.Diagnostics;
using System.Globalization;
using Doorward.Revocation.Site;

namespace Doorward.Revocation.Loads;

/// <summary>Requests of bystanders, from a process of its own.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private readonly Process _process;

    private Traffic(Process process) => _process = process;

    /// <param name="place">To all its nodes, in turn.</param>
    /// <param name="rate">Requests a second, whatever the answers take.</param>
    /// <param name="cookies">Of people who are let in, in turn.</param>
    public static Traffic Start(Place place, int rate, IEnumerable<string> cookies)
    {
        var file = Path.Combine(place.Folder, "cookies");
        File.WriteAllLines(file, cookies);
        return new(Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["load", rate.ToString(CultureInfo.InvariantCulture), file, place.Authority, .. place.Nodes.Select(node => node.Port.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
    }

    /// <summary>What bystanders saw since the last mark.</summary>
    public async Task<Seen> MarkAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        return Seen.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The load ended."));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>What bystanders saw in a span of time.</summary>
/// <param name="PerSecond">Answers a second.</param>
/// <param name="Median">In milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
/// <param name="Longest">In milliseconds.</param>
/// <param name="Failures">Answers other than 200, and none at all.</param>
internal sealed record Seen(double PerSecond, double Median, double P99, double Longest, int Failures)
{
    public static Seen Parse(string line)
    {
        var parts = line.Split(' ');
        return new(Number(parts[0]), Number(parts[1]), Number(parts[2]), Number(parts[3]), int.Parse(parts[4], CultureInfo.InvariantCulture));
    }

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:F1} {Median:F3} {P99:F3} {Longest:F3} {Failures}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{PerSecond:F0} requests/s, median {Median:F1} ms, 99th percentile {P99:F1} ms, longest {Longest:F1} ms, {Failures} not answered with 200");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
