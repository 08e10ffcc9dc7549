namespace Doorward.Policy.Syntax;

/// <summary>One condition. Each kind's remarks say exactly when it is true, false and unknown, with which reasons and remedies.</summary>
/// <remarks>
/// <para>
/// Where nothing else is said, a criterion whose reasons are <c>x-ok</c> and <c>x-unauthorized</c> carries the first when it is
/// true and the second when it is false, and also when it is unknown with no remedy.
/// </para>
/// <para>
/// Unless its remarks say otherwise, a criterion <b>about a person</b> (<see cref="AboutPerson"/>) is unknown without a session, whatever other
/// facts say: reason <see cref="Reason.UserUnauthenticated"/>, remedy <see cref="Remedies.SignIn"/>. There is no session where
/// <see cref="Facts.Session"/> is null or its <see cref="SessionFacts.Expires"/> is at or before <see cref="Facts.Now"/>. A session
/// without the <see cref="Facts.Person"/> to it leaves what is said about the person unknown, with no remedy.
/// </para>
/// <para>
/// «Absent» always means unknown with no remedy, also under a matcher that negates. The fact that a criterion needs is absent where the
/// part of <see cref="Facts"/> that holds it is null, or the value in it is.
/// </para>
/// </remarks>
/// <param name="Key">The name as it is written, such as <c>groups</c> or <c>claim/department</c>.</param>
/// <param name="Reads">The kinds of facts it reads, whatever they say.</param>
/// <param name="Place">Where its name is written.</param>
public abstract record Criterion(string Key, FactKinds Reads, Place Place)
{
    /// <summary>Whether it says something about a person: it is neither true nor false without a session.</summary>
    public bool AboutPerson => (Reads & FactKinds.Session) != 0;
}

/// <summary><c>accept</c>: always true, reason <see cref="Reason.Accept"/>. Reads nothing.</summary>
/// <param name="Place">Where its name is written.</param>
public sealed record AcceptCriterion(Place Place) : Criterion("accept", FactKinds.None, Place);

/// <summary><c>reject</c>: always false, reason <see cref="Reason.Reject"/>. Reads nothing.</summary>
/// <param name="Place">Where its name is written.</param>
public sealed record RejectCriterion(Place Place) : Criterion("reject", FactKinds.None, Place);
