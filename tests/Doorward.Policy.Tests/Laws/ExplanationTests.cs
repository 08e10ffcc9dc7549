using CsCheck;
using Doorward.Policy.Syntax;
using Doorward.Policy.Tests.Naive;
using Doorward.Policy.Tests.Random;

namespace Doorward.Policy.Tests.Laws;

/// <summary>An explanation tells the truth, all that helps, and nothing that is not the reader's own.</summary>
public sealed class ExplanationTests
{
    /// <summary>Of so few criteria every change can be tried.</summary>
    private const int Few = 8;

    private static readonly string[] _addresses = ["ada@other.org", "bob@example.com"];

    [Fact]
    public void An_explanation_explains_the_decision_that_is_made() => Run.Sample(Pair.Random, Run.Times(3000), pair =>
    {
        var policy = Written.Compile(pair.Policy);
        var explanation = policy.Explain(pair.Facts);
        Assert.Equal(policy.Decide(pair.Facts), explanation.Decision);
        foreach (var criterion in explanation.Rules.SelectMany(rule => rule.Operations).SelectMany(operation => operation.Criteria))
            Assert.Equal(NaiveCriteria.Judge(policy.Criteria.First(one => one.Place == criterion.Place), pair.Facts).Truth, criterion.Truth);
    }, Pair.Smaller);

    [Fact]
    public void No_planted_secret_and_no_value_of_another_person_is_ever_told() => Run.Sample(Pair.Random.Select(Secrets.Planted), Run.Times(5000), pair =>
    {
        var explanation = Written.Compile(pair.Policy).Explain(pair.Facts);
        var text = ExplanationText.Render(explanation) + ExplanationText.Summary(explanation.Decision) + string.Join('\n', explanation.Next) + string.Join('\n', ExplanationText.Change(explanation));
        string[] never = [Secrets.Mark, new('a', 64), new('b', 64), "AAAAAAAA", "AAAAB3Nz", "AAAAC3Nz", "AQEBAQEB", "10.0.0.0/8", "2001:db8::/32", "d1", "d2"];
        Assert.All(never, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase));
        var own = pair.Facts.Person?.Email;
        Assert.All(_addresses.Where(email => email != own), email => Assert.DoesNotContain(email, text, StringComparison.OrdinalIgnoreCase));
    }, Pair.Smaller);

    [Fact]
    public void The_smallest_change_really_lets_through_and_nothing_smaller_does()
    {
        var (found, none) = (0, 0);
        Run.Sample(Pair.Random, Run.Times(3000), pair =>
        {
            var (policies, guardrails) = Written.Parse(pair.Policy);
            var policy = EffectivePolicy.Compile(policies, guardrails);
            var change = policy.Explain(pair.Facts).Change;
            var criteria = policy.Criteria.GroupBy(CanonicalText.Print).ToList();
            if (change is not null)
            {
                Interlocked.Increment(ref found);
                var wanted = change.Criteria.ToDictionary(one => TextAt(one.Place), one => one.Wanted ? Truth.True : Truth.False);
                Assert.True(LetsThrough(wanted), ExplanationText.Render(policy.Explain(pair.Facts)));
                Assert.Equal(wanted.Count, change.Criteria.Count);
            }

            if (criteria.Count > Few || change is { Exact: false }) return;
            if (change is null) Interlocked.Increment(ref none);
            var free = criteria.Where(group => group.First() is not (AcceptCriterion or RejectCriterion)).Select(group => group.Key).ToArray();
            foreach (var other in Changes(free).Where(other => change is null || other.Count < change.Criteria.Count)) Assert.False(LetsThrough(other));

            string TextAt(Place place) => CanonicalText.Print(policy.Criteria.First(criterion => criterion.Place == place));

            bool LetsThrough(IReadOnlyDictionary<string, Truth> wanted) => new NaiveEngine(Written.Syntax(policies), Written.Syntax(guardrails), (criterion, seen) =>
                wanted.TryGetValue(CanonicalText.Print(criterion), out var truth) ? Verdict.Of(truth) : NaiveCriteria.Judge(criterion, seen)).Decide(Lifted(pair.Facts)).Outcome == Outcome.Allow;
        }, Pair.Smaller);
        Run.AssertProves(found > 1000 && none > 50, $"{found} changes found, {none} times none: too few to prove much.");
    }

    /// <summary>Every way in which some of the criteria could say otherwise.</summary>
    private static IEnumerable<Dictionary<string, Truth>> Changes(string[] criteria)
    {
        for (var number = 0; number < Math.Pow(3, criteria.Length); number++)
        {
            var (rest, change) = (number, new Dictionary<string, Truth>());
            foreach (var criterion in criteria)
            {
                if (rest % 3 > 0) change[criterion] = rest % 3 == 1 ? Truth.True : Truth.False;
                rest /= 3;
            }

            yield return change;
        }
    }

    private static Facts Lifted(Facts facts) => FactsGen.WithoutLocksAndEnds(facts);
}
