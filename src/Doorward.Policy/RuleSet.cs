namespace Doorward.Policy;

/// <summary>A set of rules of one policy, by index. Allocates only above 64 rules.</summary>
public readonly struct RuleSet
{
}
