using BenchmarkDotNet.Attributes;
using Doorward.Policy;

namespace Doorward.Bench;

/// <summary>One decision.</summary>
[MemoryDiagnoser]
public class DecisionBench
{
    private readonly EffectivePolicy _typical = Policies.Compile(Policies.Typical);
    private readonly EffectivePolicy _denying = Policies.Compile(Policies.Typical.Replace("team-19", "nobody", StringComparison.Ordinal));
    private readonly Facts _stranger = new() { Now = Policies.Person.Now, Request = Policies.Person.Request };

    [Benchmark(Description = "typical policy, allowed")]
    public Outcome Allowed() => _typical.Decide(Policies.Person).Outcome;

    [Benchmark(Description = "typical policy, denied")]
    public Outcome Denied() => _denying.Decide(Policies.Person).Outcome;

    [Benchmark(Description = "typical policy, no session")]
    public Outcome Stranger() => _typical.Decide(_stranger).Outcome;

    [Benchmark(Description = "explanation of the denial")]
    public int Explained() => _denying.Explain(Policies.Person).Rules.Count;
}
