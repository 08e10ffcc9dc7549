using Doorward.Policy.Syntax;

namespace Doorward.Policy;

/// <summary>One rule of an <see cref="EffectivePolicy"/>.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Origin">The name of the policy or guardrail that it comes from.</param>
/// <param name="Syntax">What it says.</param>
public sealed record EffectiveRule(int Index, string Origin, Rule Syntax)
{
    /// <summary>Where it is written.</summary>
    public Place Place => Syntax.Place;

    /// <summary>True for a deny rule, false for an allow rule.</summary>
    public bool Denies => Syntax.Action == RuleAction.Deny;
}
