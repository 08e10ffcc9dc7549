using System.Globalization;
using System.Text;

namespace Doorward.Peers;

/// <summary>The run as a Markdown table: medians, and ratios to the peers of the same run.</summary>
internal static class Table
{
    public static string Of(IEnumerable<KeyValuePair<string, List<Measurement>>> rounds, IReadOnlyDictionary<string, double> memory, string reference)
    {
        var text = new StringBuilder();
        text.AppendLine($"| what | requests/s | p99 ms | CPU ms per 1,000 (median) | (best) | until answered | CPU against {reference} | MiB |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var floor = Cpu(rounds.First(pair => pair.Key == reference).Value);
        foreach (var (name, taken) in rounds)
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Statistics.Median(taken.Select(round => round.Load.PerSecond)):N0} | {(double.IsNaN(P99(taken)) ? "" : P99(taken).ToString("F1", CultureInfo.InvariantCulture))} | {Cpu(taken):F1} | {taken.Min(round => round.CpuPerThousand):F1} | {Statistics.Median(taken.Select(round => round.CpuUntilAnswered)):F1} | {Cpu(taken) / floor:F2} | {memory[name]:F0} |"));
        return text.ToString();
    }

    public static double P99(IEnumerable<Measurement> rounds) => Statistics.Median(rounds.Select(round => round.Load.P99));

    public static double Cpu(IEnumerable<Measurement> rounds) => Statistics.Median(rounds.Select(round => round.CpuPerThousand));
}
