namespace Doorward.Policy.Tests.Kit;

/// <summary>What one criterion says, as a line: truth, reasons, and after «ask» the remedies of an unknown.</summary>
internal static class Verdict
{
    public static string Of(string criterion, Facts facts)
    {
        var decision = Policies.Allowing(criterion).Decide(facts);
        var ask = decision.Remedies == Remedies.None ? "" : " ask " + decision.Remedies;
        return $"{decision.Allow} {string.Join(' ', decision.AllowReasons.Codes())}{ask}".ToLowerInvariant();
    }
}
