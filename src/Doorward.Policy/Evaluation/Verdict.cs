namespace Doorward.Policy.Evaluation;

/// <summary>What a criterion, an operator, a rule or an action says.</summary>
/// <param name="Truth">Its truth.</param>
/// <param name="Remedies">What could make an unknown known; none for the others.</param>
/// <param name="Reasons">Why.</param>
internal readonly record struct Verdict(Truth Truth, Remedies Remedies, ReasonSet Reasons)
{
    /// <summary>What a criterion about a person says without a session.</summary>
    public static Verdict Unauthenticated { get; } = new(Truth.Unknown, Remedies.SignIn, ReasonSet.Of(Reason.UserUnauthenticated));

    /// <summary>With true and false exchanged; reasons and remedies stay.</summary>
    public Verdict Negated => this with { Truth = (Truth)(Truth.True - Truth) };
}
