using CsCheck;
using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random documents as parsed policies.</summary>
internal static class Written
{
    public static (IReadOnlyList<ParsedPolicy> Policies, IReadOnlyList<ParsedPolicy> Guardrails) Parse(PolicyGen.Composition written) =>
        ([.. written.Policies.Select((node, index) => Parse($"policy-{index}", node))], [.. written.Guardrails.Select((node, index) => Parse($"guardrail-{index}", node))]);

    /// <summary>Parses what has no errors: the generator's fault otherwise.</summary>
    public static ParsedPolicy Parse(string name, Node node)
    {
        var problems = new List<Problem>();
        var parsed = ParsedPolicy.Parse(name, node, TimeZoneInfo.FindSystemTimeZoneById, problems);
        Assert.True(parsed is not null, string.Join('\n', problems.Where(problem => problem.Severity == Severity.Error)) + "\n" + Doc.Print(node));
        return parsed;
    }

    public static bool IsSound(PolicyGen.Composition written) =>
        written.Policies.Concat(written.Guardrails).All(node => ParsedPolicy.Parse("one", node, TimeZoneInfo.FindSystemTimeZoneById, []) is not null);

    public static EffectivePolicy Compile(PolicyGen.Composition written)
    {
        var (policies, guardrails) = Parse(written);
        return EffectivePolicy.Compile(policies, guardrails);
    }

    public static IReadOnlyList<PolicySyntax> Syntax(IReadOnlyList<ParsedPolicy> parsed) => [.. parsed.Select(policy => policy.Syntax)];
}
