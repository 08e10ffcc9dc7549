using System.Diagnostics;
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
        Run.Sample(Pair.Random, Run.IsLong ? 1_000_000 : 100_000, pair =>
        {
            var (policies, guardrails) = Written.Parse(pair.Policy);
            var naive = new NaiveEngine(Written.Syntax(policies), Written.Syntax(guardrails)).Decide(pair.Facts);
            var fast = EffectivePolicy.Compile(policies, guardrails).Decide(pair.Facts);
            mix.Add(Written.Syntax(policies), Written.Syntax(guardrails), naive.Outcome);
            Agree(naive, fast);
        }, Pair.Smaller);
        output.WriteLine($"Seed {Run.Seed}, {clock.Elapsed.TotalSeconds:F0} s, no difference.");
        output.WriteLine(mix.ToString());
        mix.AssertRich();
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
