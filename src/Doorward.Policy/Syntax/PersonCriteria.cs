namespace Doorward.Policy.Syntax;

/// <summary><c>authenticated_user</c>. About a person.</summary>
/// <remarks>With a session true: <see cref="Reason.UserOk"/>. Never false.</remarks>
/// <param name="Place">Where its name is written.</param>
public sealed record AuthenticatedUserCriterion(Place Place) : Criterion("authenticated_user", FactKinds.Session, Place);

/// <summary><c>user</c>: matches <see cref="PersonFacts.Id"/>. About a person.</summary>
/// <remarks>Reasons <see cref="Reason.UserOk"/> and <see cref="Reason.UserUnauthorized"/>.</remarks>
/// <param name="Matcher">What the id must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record UserCriterion(StringMatcher Matcher, Place Place) : Criterion("user", FactKinds.Session | FactKinds.Person, Place);

/// <summary><c>email</c>: matches <see cref="PersonFacts.Email"/>. About a person.</summary>
/// <remarks>
/// <para>
/// An address counts only if <see cref="PersonFacts.EmailVerified"/> and if it has exactly one «@» with something on either side;
/// otherwise it is absent. Reasons <see cref="Reason.EmailOk"/> and <see cref="Reason.EmailUnauthorized"/>.
/// </para>
/// <para>
/// The part before the «@» is compared exactly, the domain with the letters A to Z taken as a to z: the address is seen with its domain
/// in lower case, and an operand with an «@» with what follows its first «@» in lower case. An operand without «@»: for
/// <see cref="StringOperator.EndsWith"/> all of it in lower case; for <see cref="StringOperator.Contains"/> it may be in the part before the «@» as it is, or in the domain in
/// lower case; else as it is. A regular expression is used as it is, on the address so seen.
/// </para>
/// </remarks>
/// <param name="Matcher">What the address must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record EmailCriterion(StringMatcher Matcher, Place Place) : Criterion("email", FactKinds.Session | FactKinds.Person, Place);

/// <summary><c>domain</c>: matches what follows the «@» of the e-mail address. About a person.</summary>
/// <remarks>
/// Absent where <see cref="EmailCriterion"/> calls the address absent. The domain, and every operand but a regular expression, is
/// seen with A to Z in lower case. Reasons <see cref="Reason.DomainOk"/> and <see cref="Reason.DomainUnauthorized"/>.
/// </remarks>
/// <param name="Matcher">What the domain must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record DomainCriterion(StringMatcher Matcher, Place Place) : Criterion("domain", FactKinds.Session | FactKinds.Person, Place);

/// <summary><c>groups</c>: matches <see cref="PersonFacts.Groups"/>. About a person.</summary>
/// <remarks>
/// The list's elements are the groups. Each has up to three names (id, name, e-mail; null ones do not exist), compared exactly. An operand is an
/// element where one of a group's names equals it. A group matches an element matcher where one of its names passes every test but
/// those of <see cref="StringOperator.Not"/> and <see cref="StringOperator.NotIn"/>, and all of its names pass those two.
/// Null groups are absent. Reasons <see cref="Reason.GroupsOk"/> and <see cref="Reason.GroupsUnauthorized"/>.
/// </remarks>
/// <param name="Matcher">What is asked of the groups.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record GroupsCriterion(ListMatcher Matcher, Place Place) : Criterion("groups", FactKinds.Session | FactKinds.Groups, Place);

/// <summary><c>claim/&lt;path&gt;</c>: matches one of <see cref="SessionFacts.Claims"/>. About a person.</summary>
/// <remarks>
/// The claim is the one named exactly <see cref="Path"/>; where there is none, the one named so with every «.» of the path read as «/».
/// Reasons <see cref="Reason.ClaimOk"/> and <see cref="Reason.ClaimUnauthorized"/>.
/// </remarks>
/// <param name="Path">The claim's name.</param>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record ClaimCriterion(string Path, ValueMatcher Matcher, Place Place) : Criterion("claim/" + Path, FactKinds.Session | FactKinds.Claims, Place);

/// <summary><c>person/&lt;attribute&gt;</c>: matches one of <see cref="PersonFacts.Attributes"/>. About a person.</summary>
/// <remarks>Reasons <see cref="Reason.PersonOk"/> and <see cref="Reason.PersonUnauthorized"/>.</remarks>
/// <param name="Attribute">The attribute's name, compared as the dictionary of the facts compares.</param>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record PersonCriterion(string Attribute, ValueMatcher Matcher, Place Place) : Criterion("person/" + Attribute, FactKinds.Session | FactKinds.Person, Place);

/// <summary><c>risk</c>: the risk told is under a level. About a person.</summary>
/// <remarks>
/// False where any of the three levels of <see cref="RiskFacts"/> is at or above <see cref="Under"/>; otherwise true where at least one was told;
/// otherwise absent. Reasons <see cref="Reason.RiskOk"/> and <see cref="Reason.RiskUnauthorized"/>.
/// </remarks>
/// <param name="Under">The level that is too high.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record RiskCriterion(RiskLevel Under, Place Place) : Criterion("risk", FactKinds.Session | FactKinds.Risk, Place);

/// <summary><c>record/&lt;type&gt;</c>: matches a field of a joined external record. About a person where it is not delivered.</summary>
/// <remarks>
/// True or false by the field of <see cref="Facts.Records"/> of that type, also without a session, because a record may be joined by
/// address. Where the records, the type or the field are not there: without a session unknown with
/// <see cref="Reason.UserUnauthenticated"/> and <see cref="Remedies.SignIn"/>, else absent. Reasons <see cref="Reason.RecordOk"/> and
/// <see cref="Reason.RecordUnauthorized"/>.
/// </remarks>
/// <param name="Type">The record's type.</param>
/// <param name="Field">The field.</param>
/// <param name="Matcher">What it must be.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record RecordCriterion(string Type, string Field, ValueMatcher Matcher, Place Place) : Criterion("record/" + Type, FactKinds.Session | FactKinds.Record, Place);
