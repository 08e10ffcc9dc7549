using System.Diagnostics;
using CsCheck;
using Doorward.Policy.Tests.Naive;

namespace Doorward.Policy.Tests.Random;

/// <summary>The fast engine and the naive one give the same answer to the same question.</summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    [Fact]
    public void The_fast_engine_agrees_with_the_naive_one_on_random_policies_and_facts()
    {
        var mix = new Mix();
        var clock = Stopwatch.StartNew();
        Run.Sample(Trial.Random, Run.Times(100_000) / Trial.Facts, trial =>
        {
            var (policies, guardrails) = Written.Parse(trial.Policy);
            var (own, above) = (Written.Syntax(policies), Written.Syntax(guardrails));
            mix.Add(own, above);
            var (naive, fast) = (new NaiveEngine(own, above), EffectivePolicy.Compile(policies, guardrails));
            foreach (var facts in trial.Seen)
            {
                var expected = naive.Decide(facts);
                mix.Add(expected.Outcome);
                Agree(expected, fast.Decide(facts));
            }
        }, Trial.Smaller);
        output.WriteLine($"Seed {Run.Seed}, {clock.Elapsed.TotalSeconds:F0} s, no difference.");
        output.WriteLine(mix.ToString());
        mix.AssertRich();
    }

    /// <summary>One policy, and several facts to judge by it: a policy costs more to make than to ask.</summary>
    private sealed record Trial(PolicyGen.Composition Policy, IReadOnlyList<Facts> Seen)
    {
        public const int Facts = 4;

        public static readonly Gen<Trial> Random = Gen.Select(PolicyGen.Random, FactsGen.Random.Array[Facts], (policy, seen) => new Trial(policy, seen));

        public static IEnumerable<Trial> Smaller(Trial trial) => trial.Seen.Count > 1
            ? trial.Seen.Select(facts => trial with { Seen = [facts] })
            : Pair.Smaller(new Pair(trial.Policy, trial.Seen[0])).Select(pair => new Trial(pair.Policy, [pair.Facts]));

        public override string ToString() => string.Join('\n', Seen.Select(facts => new Pair(Policy, facts)));
    }

    internal static void Agree(NaiveDecision naive, Decision fast)
    {
        Assert.Equal(naive.Outcome, fast.Outcome);
        Assert.Equal(naive.Allow.Truth, fast.Allow);
        Assert.Equal(naive.Deny.Truth, fast.Deny);
        Assert.Equal(naive.Allow.Reasons.Select(reason => reason.Code()), fast.AllowReasons.Codes());
        Assert.Equal(naive.Deny.Reasons.Select(reason => reason.Code()), fast.DenyReasons.Codes());
        Assert.Equal(naive.Deciding.Reasons.Select(reason => reason.Code()), fast.Reasons.Codes());
        Assert.Equal(naive.Remedies, fast.Remedies);
        Assert.Equal(naive.Reads, fast.Reads);
        Assert.Equal(naive.ValidUntil, fast.ValidUntil);
        Assert.Equal(naive.Rules, fast.Rules.Indexes());
    }
}
