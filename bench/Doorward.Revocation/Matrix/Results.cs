using System.Globalization;
using System.Text;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Matrix;

/// <summary>What the trials of one topology gave: every sample in a file, and the tables.</summary>
internal sealed class Results : IDisposable
{
    private static readonly IReadOnlyList<string> _columns = [Trial.Request, .. Protocol.All.Select(protocol => protocol.Name)];

    private readonly Topology _topology;
    private readonly StreamWriter _raw;
    private readonly Dictionary<(string Load, string Source, string Protocol), Cell> _cells = [];
    private readonly List<string> _wrong = [];

    public Results(Topology topology, IEnumerable<string> loads, string folder)
    {
        _topology = topology;
        Directory.CreateDirectory(folder);
        RawFile = Path.Combine(folder, $"{topology.Name}-{string.Join('-', loads)}.csv");
        _raw = new StreamWriter(RawFile);
        _raw.WriteLine("load,source,protocol,trial,milliseconds,told");
    }

    public string RawFile { get; }

    public void Expect(string load, string source)
    {
        foreach (var column in _columns) _cells[(load, source, column)] = new();
    }

    public void Add(string load, string source, int number, IReadOnlyList<Sample> samples)
    {
        foreach (var sample in samples)
        {
            _raw.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load},{source},{sample.Protocol},{number},{sample.Milliseconds:F3},{sample.Told}"));
            if (sample.IsRight) _cells[(load, source, sample.Protocol)].Add(sample.Milliseconds);
            else _wrong.Add($"{load}, {source}, {sample.Protocol}, trial {number}: {sample.Told}");
        }
    }

    public void Fail(string load, string source, int number, Exception fault) => _wrong.Add($"{load}, {source}, trial {number}: {fault.Message}");

    /// <summary>Prints the tables.</summary>
    /// <param name="trials">How many each cell should have.</param>
    /// <returns>Whether every cell is there and every goal met.</returns>
    public bool Print(int trials)
    {
        _raw.Flush();
        foreach (var load in _cells.Keys.Select(key => key.Load).Distinct())
            Console.WriteLine(Table(load));
        foreach (var wrong in _wrong.Take(20)) Console.WriteLine($"- not as it should be: {wrong}");
        if (_wrong.Count > 20) Console.WriteLine($"- and {_wrong.Count - 20} more");
        var missing = _cells.Where(pair => pair.Value.Count < trials).ToList();
        foreach (var ((load, source, protocol), cell) in missing) Console.WriteLine($"- missing: {load}, {source}, {protocol}: {cell.Count} of {trials} trials");
        var complete = _cells.Values.Where(cell => cell.Count > 0).ToList();
        if (complete.Count == 0) return false;
        var met = Goal("99th percentile", complete.Max(cell => cell.P99), _topology.P99);
        if (_topology.Median is { } median) met &= Goal("median", complete.Max(cell => cell.Median), median);
        Console.WriteLine($"Every sample: {Path.GetFullPath(RawFile)}");
        return missing.Count == 0 && _wrong.Count == 0 && met;
    }

    public void Dispose() => _raw.Dispose();

    private bool Goal(string what, double worst, double bound)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_topology.Title}: {what} of the worst cell {worst:F1} ms, goal {bound:F0} ms: {(worst < bound ? "met" : "NOT met")}"));
        return worst < bound;
    }

    private string Table(string load)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"### {_topology.Title}, {load} (ms: median / 99th percentile / longest)").AppendLine();
        text.AppendLine($"| source | {string.Join(" | ", _columns)} |");
        text.AppendLine($"| --- |{string.Concat(_columns.Select(_ => " ---: |"))}");
        foreach (var source in _cells.Keys.Where(key => key.Load == load).Select(key => key.Source).Distinct())
            text.AppendLine($"| {source} | {string.Join(" | ", _columns.Select(column => _cells[(load, source, column)]))} |");
        return text.ToString();
    }
}
