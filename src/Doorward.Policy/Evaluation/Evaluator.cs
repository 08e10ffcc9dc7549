namespace Doorward.Policy.Evaluation;

/// <summary>A compiled criterion. Immutable; evaluating it allocates nothing.</summary>
/// <param name="ok">The reason where it is true.</param>
/// <param name="no">The reason where it is false or unknown without a remedy.</param>
/// <param name="aboutPerson">Whether it is unknown without a session.</param>
internal abstract class Evaluator(Reason ok, Reason no, bool aboutPerson)
{
    private readonly ReasonSet _ok = ReasonSet.Of(ok);
    private readonly ReasonSet _no = ReasonSet.Of(no);

    /// <summary>The verdict where the fact is absent.</summary>
    protected Verdict Absent => new(Truth.Unknown, Remedies.None, _no);

    public Verdict Evaluate(in Known known) => aboutPerson && known.Session is null ? Verdict.Unauthenticated : Judge(known);

    /// <summary>Judges; where the criterion is about a person, there is a session.</summary>
    protected abstract Verdict Judge(in Known known);

    protected Verdict Told(bool holds) => holds ? new(Truth.True, Remedies.None, _ok) : new(Truth.False, Remedies.None, _no);

    protected Verdict Told(Truth truth) => truth == Truth.Unknown ? Absent : Told(truth == Truth.True);
}
