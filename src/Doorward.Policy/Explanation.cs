namespace Doorward.Policy;

/// <summary>
/// Why a decision came out as it did, as data. Safe to show to the person refused: of facts only their own e-mail address, groups and
/// network address, the time, and the plain states of their device and risk; of policies no values that could be another person's or a secret.
/// <see cref="ExplanationText"/> renders it.
/// </summary>
/// <param name="Decision">The decision explained.</param>
/// <param name="Rules">The rules with what they said, in the order of <see cref="EffectivePolicy.Rules"/>; at most <see cref="ExplanationLimits.Rules"/>, those that decided first of all.</param>
/// <param name="Next">What the person can do now, one sentence each; none where they are let through.</param>
/// <param name="Change">The fewest criteria that would have to say otherwise for them to be let through; null where nothing would do.</param>
public sealed record Explanation(Decision Decision, IReadOnlyList<ExplainedRule> Rules, IReadOnlyList<string> Next, SmallestChange? Change)
{
    /// <summary>What somebody can do whom a lock refuses.</summary>
    public const string NextWhenLocked = "Ask an administrator to lift the lock; signing in again will not help.";

    /// <summary>What somebody can do who is not active, or whose end date has come.</summary>
    public const string NextWhenEnded = "Ask whoever manages your account.";
}

/// <summary>How much an <see cref="Explanation"/> tells of a very large policy.</summary>
public static class ExplanationLimits
{
    /// <summary>Rules told: more than anyone reads.</summary>
    public const int Rules = 50;

    /// <summary>Criteria told of one operator, those that are told alike counted once.</summary>
    public const int Criteria = 50;

    /// <summary>Steps of the search for the smallest change. Policies of a dozen criteria need a few hundred; a step costs about 50 ns.</summary>
    public const int SearchSteps = 20_000;
}

/// <summary>What one rule said.</summary>
/// <param name="Index">Its index in <see cref="EffectivePolicy.Rules"/>.</param>
/// <param name="Origin">The policy or guardrail that it comes from.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Denies">True for a deny rule.</param>
/// <param name="Truth">What it said.</param>
/// <param name="Decided">Whether it is among the rules that decided.</param>
/// <param name="Operations">Its operators.</param>
public sealed record ExplainedRule(int Index, string Origin, Place Place, bool Denies, Truth Truth, bool Decided, IReadOnlyList<ExplainedOperation> Operations);

/// <summary>What one operator said.</summary>
/// <param name="Operator">Its name: <c>and</c>, <c>or</c>, <c>not</c> or <c>nor</c>.</param>
/// <param name="Truth">What it said.</param>
/// <param name="Criteria">Its criteria; those that would read the same stand once.</param>
/// <param name="Omitted">How many more there are than are told.</param>
public sealed record ExplainedOperation(string Operator, Truth Truth, IReadOnlyList<ExplainedCriterion> Criteria, int Omitted);

/// <summary>What one criterion said.</summary>
/// <param name="Key">Its name, such as <c>groups</c>.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Truth">What it said.</param>
/// <param name="Reasons">Why, as codes.</param>
/// <param name="Remedies">What could make an unknown known.</param>
/// <param name="Asked">What it asks for, in words that end a sentence: «you are in the group «sre»».</param>
/// <param name="Seen">What it saw, as a sentence.</param>
public sealed record ExplainedCriterion(string Key, Place Place, Truth Truth, ReasonSet Reasons, Remedies Remedies, string Asked, string Seen);

/// <summary>The fewest criteria that would have to say otherwise.</summary>
/// <param name="Criteria">The criteria, each once however often it is written; none where only <paramref name="Lifted"/> is needed.</param>
/// <param name="Lifted">The lock or end that would have to be lifted besides; null for none.</param>
/// <param name="Exact">Whether it is certain that fewer would not do; false where the policy is too large to try everything.</param>
public sealed record SmallestChange(IReadOnlyList<WantedCriterion> Criteria, Reason? Lifted, bool Exact);

/// <summary>A criterion that would have to say otherwise.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Place">Where it is first written.</param>
/// <param name="Wanted">What it would have to say.</param>
/// <param name="Asked">What it asks for, as <see cref="ExplainedCriterion.Asked"/>.</param>
public sealed record WantedCriterion(string Key, Place Place, bool Wanted, string Asked);
