using CsCheck;
using Doorward.Policy.Documents;

namespace Doorward.Policy.Tests.Random;

/// <summary>Random policies: composed of several, of several rules, operators and criteria.</summary>
internal static class PolicyGen
{
    /// <summary>The policies of a route, and the guardrails above them, as documents.</summary>
    public sealed record Composition(IReadOnlyList<Node> Policies, IReadOnlyList<Node> Guardrails)
    {
        public override string ToString() =>
            $"policies: {Doc.Print(Doc.List(Policies))}, guardrails: {Doc.Print(Doc.List(Guardrails))}";
    }

    private static readonly Gen<Node> _certificate = CriterionGen.Of("invalid_client_certificate");

    // Most criteria are false of most facts: what is likely to be true is drawn more often, or nothing would ever be allowed.
    private static readonly Gen<Node> _criterion = Gen.Frequency(
        (6, CriterionGen.Any),
        (1, Gen.OneOf(["accept", "authenticated_user", "device", "session_age", "authentication"]).SelectMany(CriterionGen.Of)));

    private static Gen<Node> Operators(int most) => Gen.Select(
        Gen.Frequency((4, "and"), (4, "or"), (1, "not"), (1, "nor")), _criterion.Array[0, most],
        (name, criteria) => (name, (Node?)Doc.List(criteria))).Array[1, 2].Select(operators => Doc.Map(operators));

    /// <summary>One criterion alone that may ask something of the person: alone, because beside others it is rarely what the answer hangs on.</summary>
    private static readonly Gen<Node> _asking = Gen.OneOf(["device", "device", "device/compliant", "device/x", "session_age", "authentication"])
        .SelectMany(CriterionGen.Of).Select(criterion => Doc.Map(("and", Doc.List([criterion]))));

    public static readonly Gen<Node> AllowRule = Gen.Frequency((5, Operators(4)), (5, _asking)).Select(operators => Doc.Map(("allow", operators)));

    public static readonly Gen<Node> DenyRule = Gen.Frequency(
        (3, Operators(3).Select(operators => Doc.Map(("deny", operators)))),
        (1, _certificate.Select(criterion => Doc.Map(("deny", Doc.Map(("or", Doc.List([criterion]))))))));

    private static readonly Gen<Node> _bothRule = Gen.Select(Operators(3), Operators(2), (allow, deny) => Doc.Map(("allow", allow), ("deny", deny)));

    private static readonly Gen<Node> _rule = Gen.Frequency((6, AllowRule), (2, DenyRule), (1, _bothRule));

    public static readonly Gen<Node> Policy = Gen.Frequency(
        (1, AllowRule),
        (5, _rule.Array[1, 4].Select(Doc.List)));

    public static readonly Gen<Composition> Random = Gen.Select(
        Gen.Frequency((4, Policy.Array[1, 1]), (4, Policy.Array[0, 3])),
        Gen.Frequency((3, DenyRule.Array[0, 0]), (1, DenyRule.Array[1, 2])),
        (policies, guardrails) => new Composition(policies, guardrails));
}
