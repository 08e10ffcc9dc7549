namespace Doorward.Policy;

/// <summary>
/// The policy of one route, joined from everything that bears on it: its own policies (all must allow) and the guardrails from
/// above (none may deny). Compiled once, immutable, safe to use from any thread.
/// </summary>
public sealed class EffectivePolicy
{
    /// <summary>The rules with their origin and place; <see cref="Decision.Rules"/> points into it.</summary>
    public IReadOnlyList<EffectiveRule> Rules { get; } = [];

    /// <summary>The kinds of facts that it reads.</summary>
    public FactKinds Reads { get; }

    /// <summary>The names that its criteria mention: groups, claims, attributes, headers. Everything, where that is not told.</summary>
    public FactNames Names { get; } = FactNames.Everything;

    /// <summary>SHA-256 of the canonical text, lower-case hexadecimal: the same for texts that differ only in layout, comments, key order or notation.</summary>
    public string Digest { get; } = "";

    /// <summary>Denies everything: for a route whose policy has problems, and for one that has none.</summary>
    public static EffectivePolicy DenyAll { get; } = new();

    /// <summary>Joins and compiles.</summary>
    /// <param name="policies">The route's policies; every one must allow.</param>
    /// <param name="guardrails">Policies whose deny rules join; their allow rules are a problem.</param>
    /// <returns>The compiled policy.</returns>
    public static EffectivePolicy Compile(IReadOnlyList<ParsedPolicy> policies, IReadOnlyList<ParsedPolicy> guardrails) => throw new NotImplementedException();

    /// <summary>Decides. Pure and total: the same facts give the same decision, and no facts make it throw.</summary>
    /// <param name="facts">What is known.</param>
    /// <returns>The decision; the default denies.</returns>
    public Decision Decide(Facts facts) => new() { Reads = Reads | FactKinds.Lock };

    /// <summary>Tells why, criterion by criterion, with the fact seen: for pages, CLI and console alike.</summary>
    /// <param name="facts">What is known.</param>
    /// <returns>The explanation; safe to show to the person refused.</returns>
    public Explanation Explain(Facts facts) => throw new NotImplementedException();
}

/// <summary>One rule of an <see cref="EffectivePolicy"/>.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Origin">The name of the policy or guardrail that it comes from.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Denies">True for a deny rule, false for an allow rule.</param>
public sealed record EffectiveRule(int Index, string Origin, Place Place, bool Denies);

/// <summary>The outcome with each criterion's verdict and the fact it saw.</summary>
public sealed record Explanation;
