using CsCheck;
using Doorward.Policy.Documents;
using Doorward.Policy.Tests.Random;

namespace Doorward.Policy.Tests.Laws;

/// <summary>More refusals never let more through, and more ways in never refuse more.</summary>
public sealed class MonotonyTests
{
    [Fact]
    public void A_further_deny_rule_never_allows_more() => Run.Sample(
        Gen.Select(Pair.Random, PolicyGen.DenyRule, Gen.Bool, (pair, rule, above) => new Change(pair, above || pair.Policy.Policies.Count == 0
            ? pair.Policy with { Guardrails = [.. pair.Policy.Guardrails, rule] }
            : pair.Policy with { Policies = [AddedTo(pair.Policy.Policies[0], rule), .. pair.Policy.Policies.Skip(1)] })),
        Run.Times(10_000),
        change =>
        {
            if (Decide(change.Changed, change.Pair.Facts).Outcome == Outcome.Allow)
                Assert.Equal(Outcome.Allow, Decide(change.Pair.Policy, change.Pair.Facts).Outcome);
        });

    [Fact]
    public void A_further_alternative_to_allow_never_denies_more() => Run.Sample(
        Gen.Select(Pair.Random.Where(pair => pair.Policy.Policies.Count > 0), PolicyGen.AllowRule, (pair, rule) =>
            new Change(pair, pair.Policy with { Policies = [AddedTo(pair.Policy.Policies[0], rule), .. pair.Policy.Policies.Skip(1)] })),
        Run.Times(10_000),
        change =>
        {
            var (before, after) = (Decide(change.Pair.Policy, change.Pair.Facts), Decide(change.Changed, change.Pair.Facts));
            Assert.True(after.Allow >= before.Allow);
            if (before.Outcome == Outcome.Allow) Assert.Equal(Outcome.Allow, after.Outcome);

            // Of several policies all must allow, so one that no act can help may come to light behind one that asked for an act.
            if (before.Outcome != Outcome.Deny && change.Changed.Policies.Count == 1) Assert.NotEqual(Outcome.Deny, after.Outcome);
        });

    private static Node AddedTo(Node policy, Node rule) => Doc.List([.. policy is SequenceNode list ? list.Items : [policy], rule]);

    private static Decision Decide(PolicyGen.Composition written, Facts facts) => Written.Compile(written).Decide(facts);

    private sealed record Change(Pair Pair, PolicyGen.Composition Changed);
}
