using CsCheck;
using Doorward.Policy.Tests.Random;

namespace Doorward.Policy.Tests.Laws;

/// <summary>A decision holds until the instant that it names, to the tick, and is then asked for again.</summary>
public sealed class LeaseTests
{
    [Fact]
    public void An_answer_never_changes_before_the_instant_that_it_names()
    {
        var (bounded, changed) = (0, 0);
        Run.Sample(Gen.Select(Pair.Random, Gen.Double[0, 1].Array[4], (pair, moments) => new Later(pair, moments)), Run.Times(10_000), later =>
        {
            var policy = Written.Compile(later.Pair.Policy);
            var facts = later.Pair.Facts;
            var now = policy.Decide(facts);
            var until = now.ValidUntil ?? facts.Now.AddYears(3);
            Assert.True(until > facts.Now);
            foreach (var moment in later.Moments.Select(part => facts.Now.AddTicks((long)(part * (until - facts.Now).Ticks))).Append(until.AddTicks(-1)))
                Assert.Equal(AnswerOf(now), AnswerOf(policy.Decide(FactsGen.At(facts, moment < until ? moment : until.AddTicks(-1)))));
            if (now.ValidUntil is null) return;
            Interlocked.Increment(ref bounded);
            if (AnswerOf(policy.Decide(FactsGen.At(facts, until))) with { Item5 = null } != (AnswerOf(now) with { Item5 = null })) Interlocked.Increment(ref changed);
        }, later => Pair.Smaller(later.Pair).Select(pair => later with { Pair = pair }));
        Run.AssertProves(changed > bounded / 20, $"Of {bounded} answers that named an instant {changed} changed at it: too few to prove that it is not too early.");
    }

    /// <summary>What is done and why. After a lock or an end the truth of the rules is told as well, and may change: it decides nothing.</summary>
    private static (Outcome, ReasonSet, Remedies, string, DateTimeOffset?) AnswerOf(Decision decision) =>
        (decision.Outcome, decision.Reasons, decision.Remedies, decision.Rules.ToString(), decision.ValidUntil);

    private sealed record Later(Pair Pair, IReadOnlyList<double> Moments);
}
