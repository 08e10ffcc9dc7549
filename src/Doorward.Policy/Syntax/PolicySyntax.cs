namespace Doorward.Policy.Syntax;

/// <summary>A policy as it is written, checked and in normal form: what the evaluator is compiled from.</summary>
/// <remarks>
/// <para>
/// <see cref="Truth"/> of an action is Kleene's «or» over the rules of that action, and of a rule Kleene's «or» over its
/// operators; over nothing it is false, without reasons. Reasons of an «or»: true, those of the true parts; false, those of all;
/// unknown, those of the unknown parts. Remedies of an unknown: those of its unknown parts, joined; otherwise none.
/// </para>
/// <para>
/// Several policies of one route: allow is Kleene's «and» over their allow actions (reasons: false, those of the false parts;
/// true, of all; unknown, of the unknown parts), and false, without reasons, over no policy at all. Deny is Kleene's «or» over their deny actions and the guardrails'.
/// </para>
/// </remarks>
/// <param name="Rules">The rules in the order written; where one mapping holds both actions, allow comes first.</param>
/// <param name="Place">Where it is written.</param>
public sealed record PolicySyntax(IReadOnlyList<Rule> Rules, Place Place);

/// <summary>What a rule does where it is true.</summary>
public enum RuleAction
{
    /// <summary>It lets through.</summary>
    Allow,

    /// <summary>It refuses, whatever allows.</summary>
    Deny,
}

/// <summary>A rule.</summary>
/// <param name="Action">What it does where it is true.</param>
/// <param name="Operations">Its operators, in the order of <see cref="OperatorKind"/>; those with an empty list are left out.</param>
/// <param name="Place">Where the action is written.</param>
public sealed record Rule(RuleAction Action, IReadOnlyList<Operation> Operations, Place Place);

/// <summary>How an <see cref="Operation"/> joins its criteria. True, false and unknown follow Kleene.</summary>
public enum OperatorKind
{
    /// <summary>
    /// False if any is false (reasons of the false ones), else unknown if any is unknown (reasons and remedies of the unknown ones),
    /// else true (reasons of all).
    /// </summary>
    And,

    /// <summary>
    /// True if any is true (reasons of the true ones), else unknown if any is unknown (reasons and remedies of the unknown ones),
    /// else false (reasons of all).
    /// </summary>
    Or,

    /// <summary>None of these is true: <see cref="And"/> over the criteria with true and false exchanged, reasons and remedies as they are.</summary>
    Not,

    /// <summary>At least one of these is false: <see cref="Or"/> over the criteria with true and false exchanged, reasons and remedies as they are.</summary>
    Nor,
}

/// <summary>An operator with its criteria.</summary>
/// <param name="Operator">How it joins them.</param>
/// <param name="Criteria">The criteria in the order written; never empty.</param>
/// <param name="Place">Where the operator is written.</param>
public sealed record Operation(OperatorKind Operator, IReadOnlyList<Criterion> Criteria, Place Place);
