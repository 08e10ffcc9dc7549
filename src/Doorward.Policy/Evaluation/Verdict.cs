using System.Runtime.InteropServices;

namespace Doorward.Policy.Evaluation;

/// <summary>What a criterion, an operator, a rule or an action says. Sixteen bytes: it is handed over in registers.</summary>
/// <param name="reasons">Why.</param>
/// <param name="truth">Its truth.</param>
/// <param name="remedies">What could make an unknown known; none for the others.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly struct Verdict(Truth truth, Remedies remedies, ReasonSet reasons)
{
    public ReasonSet Reasons { get; init; } = reasons;

    public Truth Truth { get; init; } = truth;

    public Remedies Remedies { get; init; } = remedies;

    /// <summary>Kleene's «and» over nothing.</summary>
    public static Verdict True => new(Truth.True, Remedies.None, ReasonSet.None);

    /// <summary>Kleene's «or» over nothing.</summary>
    public static Verdict False => default;

    /// <summary>What a criterion about a person says without a session.</summary>
    public static Verdict Unauthenticated => new(Truth.Unknown, Remedies.SignIn, ReasonSet.Of(Reason.UserUnauthenticated));

    /// <summary>With true and false exchanged; reasons and remedies stay.</summary>
    public Verdict Negated => this with { Truth = Kleene.Not(Truth) };

    /// <summary>Kleene's «and»: the lower of both truths; where they are the same, the reasons and remedies of both.</summary>
    public Verdict And(Verdict other) => other.Truth == Truth ? Join(other) : other.Truth < Truth ? other : this;

    /// <summary>Kleene's «or»: the higher of both truths; where they are the same, the reasons and remedies of both.</summary>
    public Verdict Or(Verdict other) => other.Truth == Truth ? Join(other) : other.Truth > Truth ? other : this;

    private Verdict Join(Verdict other) => new(Truth, Remedies | other.Remedies, Reasons | other.Reasons);
}
