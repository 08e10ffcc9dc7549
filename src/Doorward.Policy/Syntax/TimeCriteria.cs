namespace Doorward.Policy.Syntax;

/// <summary><c>date</c>: now is within a span.</summary>
/// <remarks>
/// True where <see cref="After"/> ≤ now &lt; <see cref="Before"/>, else false. Changes what it says at either of them.
/// Reasons <see cref="Reason.DateOk"/> and <see cref="Reason.DateUnauthorized"/>.
/// </remarks>
/// <param name="After">The first instant; since ever where null.</param>
/// <param name="Before">The first instant past it, later than <see cref="After"/>; for ever where null. Not both are null.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record DateCriterion(DateTimeOffset? After, DateTimeOffset? Before, Place Place) : Criterion("date", FactKinds.Time, Place);

/// <summary><c>day_of_week</c>: the day that the calendar in a time zone shows now.</summary>
/// <remarks>
/// The local time is now plus <see cref="TimeZoneInfo.GetUtcOffset(DateTimeOffset)"/> of now, so it is never ambiguous. Changes what it says at the
/// first instant at which the local day is in the set where today is not, or the other way round; never, for all seven days.
/// Reasons <see cref="Reason.DayOfWeekOk"/> and <see cref="Reason.DayOfWeekUnauthorized"/>.
/// </remarks>
/// <param name="Days">The days, each once, from Monday to Sunday; at least one.</param>
/// <param name="Zone">The time zone.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record DayOfWeekCriterion(IReadOnlyList<DayOfWeek> Days, TimeZoneInfo Zone, Place Place) : Criterion("day_of_week", FactKinds.Time, Place);

/// <summary><c>time_of_day</c>: what the clock on the wall in a time zone shows now.</summary>
/// <remarks>
/// <para>
/// The local time t is now plus <see cref="TimeZoneInfo.GetUtcOffset(DateTimeOffset)"/> of now, its time of day to the tick. With both bounds: if
/// <see cref="After"/> &lt; <see cref="Before"/>, true where After ≤ t &lt; Before; if After &gt; Before, the span crosses midnight: true where t ≥ After or t &lt; Before.
/// With one: true where t ≥ After, or t &lt; Before. Reasons <see cref="Reason.TimeOfDayOk"/> and <see cref="Reason.TimeOfDayUnauthorized"/>.
/// </para>
/// <para>
/// So the clock alone rules. In a gap (the clock jumps from 02:00 to 03:00) times in between do not occur: a span that would begin at 02:30
/// begins at 03:00. In an overlap (from 03:00 back to 02:00) they occur twice: a span that begins at 02:30 begins, ends with the
/// jump back, and begins again. It changes what it says at each instant at which what the clock shows enters or leaves the span.
/// </para>
/// </remarks>
/// <param name="After">The first time of day; not equal to <see cref="Before"/>.</param>
/// <param name="Before">The first time of day past it. Not both are null.</param>
/// <param name="Zone">The time zone.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record TimeOfDayCriterion(TimeOnly? After, TimeOnly? Before, TimeZoneInfo Zone, Place Place) : Criterion("time_of_day", FactKinds.Time, Place);

/// <summary><c>session_age</c>: the person signed in not long ago. About a person.</summary>
/// <remarks>
/// True where now &lt; <see cref="SessionFacts.AuthTime"/> + <see cref="Under"/>. Otherwise, also where the provider told no time,
/// unknown with remedy <see cref="Remedies.FreshSignIn"/>; never false. With a session, changes what it says at AuthTime + Under (never, if
/// that is past the end of <see cref="DateTimeOffset"/>). Reasons <see cref="Reason.SessionAgeOk"/> and <see cref="Reason.SessionAgeUnauthorized"/>.
/// </remarks>
/// <param name="Under">The age that is too old; above zero.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record SessionAgeCriterion(TimeSpan Under, Place Place) : Criterion("session_age", FactKinds.Session | FactKinds.Time, Place);

/// <summary><c>authentication</c>: how the person signed in. About a person.</summary>
/// <remarks>
/// Kleene's «and» of the parts that are not null. <see cref="Provider"/>: true or false by <see cref="SessionFacts.Provider"/>, absent where null.
/// <see cref="Acr"/> and <see cref="Amr"/>: true where <see cref="SessionFacts.Acr"/> or <see cref="SessionFacts.Amr"/> matches; otherwise, also
/// where null, unknown with remedy <see cref="Remedies.StrongerAuthentication"/>, never false: signing in more strongly can mend
/// it. Reasons <see cref="Reason.AuthenticationOk"/> and <see cref="Reason.AuthenticationUnauthorized"/>.
/// </remarks>
/// <param name="Acr">What the authentication context class must be; any where null.</param>
/// <param name="Amr">What is asked of the authentication methods; nothing where null.</param>
/// <param name="Provider">What the provider's name must be; any where null.</param>
/// <param name="Place">Where its name is written.</param>
public sealed record AuthenticationCriterion(StringMatcher? Acr, ListMatcher? Amr, StringMatcher? Provider, Place Place) : Criterion("authentication", FactKinds.Session, Place);
