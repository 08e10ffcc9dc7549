using BenchmarkDotNet.Attributes;
using Doorward.Policy;

namespace Doorward.Bench;

/// <summary>A decision by a policy that names many people, or many groups: ten should cost what ten thousand do.</summary>
[MemoryDiagnoser]
public class NamesBench
{
    private EffectivePolicy _emails = EffectivePolicy.DenyAll;
    private EffectivePolicy _groups = EffectivePolicy.DenyAll;

    [Params(10, 10_000)]
    public int Names { get; set; }

    [GlobalSetup]
    public void Compile()
    {
        _emails = Policies.Compile($"allow: {{ and: [ {{ email: {{ in: [ {Join(i => $"person-{i}@example.com")}, ada@example.com ] }} }} ] }}");
        _groups = Policies.Compile($"allow: {{ and: [ {{ groups: {{ has_any: [ {Join(i => $"other-{i}")}, team-19 ] }} }} ] }}");
    }

    [Benchmark(Description = "e-mail addresses")]
    public Outcome Emails() => _emails.Decide(Policies.Person).Outcome;

    [Benchmark(Description = "groups")]
    public Outcome Groups() => _groups.Decide(Policies.Person).Outcome;

    private string Join(Func<int, string> name) => string.Join(", ", Enumerable.Range(0, Names - 1).Select(name));
}
