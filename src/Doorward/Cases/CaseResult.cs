using Doorward.Policy;
using Doorward.Server.Console;

namespace Doorward.Cases;

/// <summary>What a policy answered to a case, and where that is not what the case expects.</summary>
internal sealed record CaseResult(Case Case, Decision Decision, IReadOnlyList<string> Differences)
{
    public bool Passed => Differences.Count == 0;

    public static CaseResult Of(Case one, EffectivePolicy policy)
    {
        var decision = policy.Decide(one.Facts);
        return new(one, decision, [.. one.Expected.Differences(decision)]);
    }

    public object ToJson() => new
    {
        Case.Name,
        File = Case.Place.Source,
        Case.Place.Line,
        Passed,
        Outcome = Words.Of(Decision.Outcome),
        Allow = TruthOf(Decision.Allow),
        Deny = TruthOf(Decision.Deny),
        Reasons = new { Allow = Decision.AllowReasons.Codes(), Deny = Decision.DenyReasons.Codes(), Deciding = Decision.Reasons.Codes() },
        Remedies = Words.Of(Decision.Remedies),
        ValidUntil = Words.Of(Decision.ValidUntil),
        Differences,
    };

    // As a case file writes it: true and false are JSON's own.
    private static object TruthOf(Truth truth) => truth switch { Truth.True => true, Truth.False => false, _ => "unknown" };
}
