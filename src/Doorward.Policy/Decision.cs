namespace Doorward.Policy;

/// <summary>The answer to one request. A value: deciding allocates nothing.</summary>
public readonly struct Decision
{
    /// <summary>What is to be done.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>The truth of the allow rules together; what they say is told even where a lock or a deny rule decided.</summary>
    public Truth Allow { get; init; }

    /// <summary>The truth of the deny rules together.</summary>
    public Truth Deny { get; init; }

    /// <summary>Why: see <see cref="EffectivePolicy.Decide"/>, step by step.</summary>
    public ReasonSet Reasons { get; init; }

    /// <summary>The reasons of the allow rules.</summary>
    public ReasonSet AllowReasons { get; init; }

    /// <summary>The reasons of the deny rules.</summary>
    public ReasonSet DenyReasons { get; init; }

    /// <summary>What is asked of the person; none where the outcome asks nothing.</summary>
    public Remedies Remedies { get; init; }

    /// <summary>The kinds of facts that the policy reads; does not depend on the facts.</summary>
    public FactKinds Reads { get; init; }

    /// <summary>The nearest instant at which the answer can change by time alone, in UTC; null for none.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The rules that decided, as indexes into <see cref="EffectivePolicy.Rules"/>; none for a lock, an end, and a denial by default.</summary>
    public RuleSet Rules { get; init; }
}
