using CsCheck;
using Doorward.Policy.Syntax;
using Doorward.Policy.Tests.Naive;
using Doorward.Policy.Tests.Random;

namespace Doorward.Policy.Tests.Laws;

/// <summary>What the three truth values are for: nothing that is said about a person can let in somebody of whom nobody knows who it is.</summary>
public sealed class StrangerTests
{
    private const int Assignments = 32;

    [Fact]
    public void Without_a_session_allow_means_allow_under_every_assignment_to_the_criteria_about_a_person()
    {
        var allowed = 0;
        var strangers = Gen.Select(PolicyGen.Random, FactsGen.Random, Gen.Int, (policy, facts, seed) => new Stranger(new Pair(policy, FactsGen.WithoutSession(facts)), seed));
        Run.Sample(strangers, Run.Times(10_000), stranger =>
        {
            var (policies, guardrails) = Written.Parse(stranger.Pair.Policy);
            var facts = stranger.Pair.Facts;
            if (EffectivePolicy.Compile(policies, guardrails).Decide(facts).Outcome != Outcome.Allow) return;
            var unknown = policies.Concat(guardrails).SelectMany(policy => policy.Syntax.Rules).SelectMany(rule => rule.Operations).SelectMany(operation => operation.Criteria)
                .Where(criterion => NaiveCriteria.Judge(criterion, facts).Remedies == Remedies.SignIn).Distinct(ReferenceEqualityComparer.Instance).Cast<Criterion>().ToList();
            if (unknown.Count > 0) Interlocked.Increment(ref allowed);
            foreach (var assigned in Assign(unknown, stranger.Seed))
            {
                var supposing = new NaiveEngine(Written.Syntax(policies), Written.Syntax(guardrails), (criterion, seen) =>
                    assigned.TryGetValue(criterion, out var truth) ? Verdict.Of(truth) : NaiveCriteria.Judge(criterion, seen));
                Assert.Equal(Outcome.Allow, supposing.Decide(facts).Outcome);
            }
        }, Stranger.Smaller);
        Run.AssertProves(allowed > 80, $"Only {allowed} strangers were let in past a criterion about a person: this proves little.");
    }

    [Fact]
    public void A_policy_that_can_only_be_satisfied_by_a_person_never_lets_a_stranger_in() => Run.Sample(
        Gen.Select(Gen.OneOf([.. CriterionGen.Names.Where(IsAboutPerson).Select(CriterionGen.Of)]), Gen.OneOf("and", "or", "not", "nor"), FactsGen.Random, (criterion, kind, facts) =>
            new Pair(new([Doc.Map(("allow", Doc.Map((kind, Doc.List([criterion])))))], []), FactsGen.WithoutSession(facts))),
        Run.Times(10_000),
        pair =>
        {
            Assert.NotEqual(Outcome.Allow, Written.Compile(pair.Policy).Decide(pair.Facts).Outcome);
        });

    /// <summary>A record may be joined by address, so it may say something about a stranger.</summary>
    private static bool IsAboutPerson(string name) => !name.StartsWith("record", StringComparison.Ordinal)
        && Written.Parse("one", Doc.Map(("allow", Doc.Map(("and", Doc.List([CriterionGen.Of(name).Generate(new PCG(1), null!, out _)])))))).Syntax.Rules[0].Operations[0].Criteria[0].AboutPerson;

    /// <summary>All assignments where they are few; else those of all true and all false, and random ones.</summary>
    private static IEnumerable<Dictionary<Criterion, Truth>> Assign(List<Criterion> criteria, int seed)
    {
        var random = new System.Random(seed);
        var all = criteria.Count <= 5;
        for (var bits = 0; bits < (all ? 1 << criteria.Count : Assignments); bits++)
        {
            yield return new(criteria.Select((criterion, index) => KeyValuePair.Create(criterion, IsTrue(bits, index) ? Truth.True : Truth.False)), ReferenceEqualityComparer.Instance);
        }

        bool IsTrue(int bits, int index) => all ? (bits >> index & 1) != 0 : bits < 2 ? bits == 1 : random.Next(2) == 1;
    }

    private sealed record Stranger(Pair Pair, int Seed)
    {
        public static IEnumerable<Stranger> Smaller(Stranger stranger) => Pair.Smaller(stranger.Pair).Select(pair => stranger with { Pair = pair });
    }
}
