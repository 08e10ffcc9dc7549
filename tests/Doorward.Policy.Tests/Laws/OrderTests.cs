using CsCheck;
using Doorward.Policy.Documents;
using Doorward.Policy.Tests.Random;

namespace Doorward.Policy.Tests.Laws;

/// <summary>The order in which things are written, and so evaluated, never matters.</summary>
public sealed class OrderTests
{
    private static readonly Gen<(Pair Pair, int Seed)> _shuffled = Gen.Select(Pair.Random, Gen.Int);

    [Fact]
    public void The_order_of_policies_rules_operators_and_criteria_never_matters() => Run.Sample(_shuffled, Run.Times(10_000), example =>
    {
        var random = new System.Random(example.Seed);
        var policy = example.Pair.Policy;
        var before = Written.Compile(policy).Decide(example.Pair.Facts);
        var after = Written.Compile(new(Shuffled(policy.Policies, random, lists: true), Shuffled(policy.Guardrails, random, lists: true))).Decide(example.Pair.Facts);
        Assert.Equal(before with { Rules = default }, after with { Rules = default });
        Assert.Equal(before.Rules.Indexes().Count, after.Rules.Indexes().Count);
    });

    [Fact]
    public void The_order_of_keys_does_not_change_the_digest() => Run.Sample(_shuffled, Run.Times(3000), example =>
    {
        var random = new System.Random(example.Seed);
        var policy = example.Pair.Policy;
        Assert.Equal(Written.Compile(policy).Digest, Written.Compile(new([.. policy.Policies.Select(one => Shuffled(one, random, lists: false))], [.. policy.Guardrails.Select(one => Shuffled(one, random, lists: false))])).Digest);
    });

    [Fact]
    public void Policies_of_one_digest_decide_alike()
    {
        var same = 0;
        Run.Sample(Pair.Random, Run.Times(300), pair =>
        {
            var digest = Written.Compile(pair.Policy).Digest;
            foreach (var smaller in Pair.Smaller(pair).Where(smaller => smaller.Policy != pair.Policy))
            {
                var other = Written.Compile(smaller.Policy);
                if (other.Digest != digest) continue;
                Interlocked.Increment(ref same);
                Assert.Equal(Written.Compile(pair.Policy).Decide(pair.Facts), other.Decide(pair.Facts));
            }
        });
        Run.AssertProves(same > 5, $"Only {same} texts had the same digest as a longer one.");
    }

    private static List<Node> Shuffled(IReadOnlyList<Node> nodes, System.Random random, bool lists)
    {
        var items = nodes.Select(node => Shuffled(node, random, lists)).ToArray();
        if (lists) random.Shuffle(items);
        return [.. items];
    }

    private static Node Shuffled(Node node, System.Random random, bool lists) => node switch
    {
        SequenceNode list => list with { Items = Shuffled(list.Items, random, lists) },
        MappingNode map => map with { Entries = [.. map.Entries.Select(entry => entry with { Value = Shuffled(entry.Value, random, lists) }).OrderBy(_ => random.Next())] },
        _ => node,
    };
}
