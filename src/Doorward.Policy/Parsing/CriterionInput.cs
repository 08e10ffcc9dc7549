using Doorward.Policy.Documents;

namespace Doorward.Policy.Parsing;

/// <summary>One criterion as it is written.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="SubPath">What follows the first «/»; empty where there is none.</param>
/// <param name="Place">Where the key is written.</param>
/// <param name="Data">The value.</param>
/// <param name="Findings">Where problems go.</param>
/// <param name="Zones">Finds time zones.</param>
internal sealed record CriterionInput(string Key, string SubPath, Place Place, Node Data, Findings Findings, Func<string, TimeZoneInfo?> Zones)
{
    /// <summary>How messages name the value.</summary>
    public string What => "The value of " + Wording.Quote(Key);
}
