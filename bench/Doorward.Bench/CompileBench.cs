using BenchmarkDotNet.Attributes;
using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes;

namespace Doorward.Bench;

/// <summary>What a start or a reload costs: 10,000 routes, each with a policy of its own.</summary>
[MemoryDiagnoser]
public class CompileBench
{
    private const int Count = 10_000;

    private readonly string[] _texts = [.. Enumerable.Range(0, Count).Select(Text)];
    private readonly Node[] _nodes = [.. Enumerable.Range(0, Count).Select(i => DocumentText.Read(Text(i), "bench", [])!)];
    private readonly ParsedPolicy[] _parsed = [.. Enumerable.Range(0, Count).Select(i => Policies.Parse(Text(i)))];

    [Benchmark(Description = "10,000 policies: compile")]
    public int Compile() => _parsed.Sum(policy => EffectivePolicy.Compile([policy], []).Rules.Count);

    [Benchmark(Description = "10,000 policies: parse, check and compile")]
    public int ParseAndCompile() =>
        _nodes.Sum(node => EffectivePolicy.Compile([ParsedPolicy.Parse("bench", node, TimeZones.Find, [])!], []).Rules.Count);

    [Benchmark(Description = "10,000 policies: from YAML text")]
    public int FromText() => _texts.Sum(text => Policies.Compile(text).Rules.Count);

    private static string Text(int number) => Policies.Typical.Replace("team-19", $"team-{number}", StringComparison.Ordinal);
}
