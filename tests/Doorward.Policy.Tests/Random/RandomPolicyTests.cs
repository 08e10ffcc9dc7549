using Doorward.Policy.Tests.Naive;

namespace Doorward.Policy.Tests.Random;

public sealed class RandomPolicyTests(ITestOutputHelper output)
{
    [Fact]
    public void The_mix_is_rich()
    {
        var mix = new Mix();
        Run.Sample(Pair.Random, 5000, pair =>
        {
            var (policies, guardrails) = Parsing.Parse(pair.Policy);
            var decision = new NaiveEngine(Parsing.Syntax(policies), Parsing.Syntax(guardrails)).Decide(pair.Facts);
            mix.Add(Parsing.Syntax(policies), Parsing.Syntax(guardrails), decision.Outcome);
        }, Pair.Smaller);
        output.WriteLine(mix.ToString());
        mix.AssertRich();
    }
}
