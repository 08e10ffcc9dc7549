using CsCheck;
using Doorward.Policy.Documents;

namespace Doorward.Policy.Tests.Random;

/// <summary>A policy and the facts to judge by it.</summary>
internal sealed record Pair(PolicyGen.Composition Policy, Facts Facts)
{
    public static readonly Gen<Pair> Random = Gen.Select(PolicyGen.Random, FactsGen.Random, (policy, facts) => new Pair(policy, facts));

    /// <summary>The pair with one part left out, wherever what is left is a policy.</summary>
    public static IEnumerable<Pair> Smaller(Pair pair) => Shorter(pair).Where(shorter => Written.IsSound(shorter.Policy));

    private static IEnumerable<Pair> Shorter(Pair pair)
    {
        foreach (var policies in Smaller(pair.Policy.Policies)) yield return pair with { Policy = pair.Policy with { Policies = policies } };
        foreach (var guardrails in Smaller(pair.Policy.Guardrails)) yield return pair with { Policy = pair.Policy with { Guardrails = guardrails } };
        foreach (var facts in FactsText.Smaller(pair.Facts)) yield return pair with { Facts = facts };
    }

    public override string ToString() => $"{Policy}\n{FactsText.Of(Facts)}";

    private static IEnumerable<IReadOnlyList<Node>> Smaller(IReadOnlyList<Node> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            yield return [.. list.Take(i), .. list.Skip(i + 1)];
            foreach (var item in Smaller(list[i])) yield return [.. list.Take(i), item, .. list.Skip(i + 1)];
        }
    }

    private static IEnumerable<Node> Smaller(Node node) => node switch
    {
        SequenceNode list => Smaller(list.Items).Select(items => list with { Items = items }),
        MappingNode map => map.Entries.Select(entry => map with { Entries = [.. map.Entries.Where(other => other != entry)] })
            .Concat(map.Entries.SelectMany(entry => Smaller(entry.Value).Select(value => map with { Entries = [.. map.Entries.Select(other => other == entry ? other with { Value = value } : other)] }))),
        _ => [],
    };
}
