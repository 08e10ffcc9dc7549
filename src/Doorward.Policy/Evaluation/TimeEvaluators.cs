using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>A criterion whose verdict changes as time passes.</summary>
internal interface ITimed
{
    /// <summary>The first instant after now, in UTC ticks, at which it changes what it says; <see cref="Never"/> for none.</summary>
    long NextChange(in Known known);

    const long Never = long.MaxValue;
}

/// <summary><see cref="DateCriterion"/>.</summary>
internal sealed class DateEvaluator(DateCriterion criterion) : Evaluator(Reason.DateOk, Reason.DateUnauthorized, aboutPerson: false), ITimed
{
    private readonly long _after = criterion.After?.UtcTicks ?? long.MinValue;
    private readonly long _before = criterion.Before?.UtcTicks ?? ITimed.Never;

    protected override Verdict Judge(in Known known) => Told(known.Now >= _after && known.Now < _before);

    public long NextChange(in Known known) => known.Now < _after ? _after : known.Now < _before ? _before : ITimed.Never;
}

/// <summary><see cref="DayOfWeekCriterion"/> and <see cref="TimeOfDayCriterion"/>.</summary>
internal sealed class WallClockEvaluator(WallClock clock, Reason ok, Reason no) : Evaluator(ok, no, aboutPerson: false), ITimed
{
    protected override Verdict Judge(in Known known) => Told(clock.Holds(known.Now));

    public long NextChange(in Known known) => clock.NextChange(known.Now);
}

/// <summary><see cref="SessionAgeCriterion"/>.</summary>
internal sealed class SessionAgeEvaluator(TimeSpan under) : Evaluator(Reason.SessionAgeOk, Reason.SessionAgeUnauthorized, aboutPerson: true), ITimed
{
    protected override Verdict Judge(in Known known) => Ends(known) > known.Now ? Told(true) : Absent with { Remedies = Remedies.FreshSignIn };

    public long NextChange(in Known known) => Ends(known) is var ends && ends > known.Now && ends <= DateTimeOffset.MaxValue.Ticks ? ends : ITimed.Never;

    private long Ends(in Known known) => known.Session?.AuthTime is { } signedIn ? signedIn.UtcTicks + under.Ticks : long.MinValue;
}

/// <summary><see cref="AuthenticationCriterion"/>.</summary>
internal sealed class AuthenticationEvaluator(AuthenticationCriterion criterion) : Evaluator(Reason.AuthenticationOk, Reason.AuthenticationUnauthorized, aboutPerson: true)
{
    private readonly TextMatcher? _acr = criterion.Acr is null ? null : new TextMatcher(criterion.Acr);
    private readonly ListTests? _amr = criterion.Amr is null ? null : new ListTests(criterion.Amr);
    private readonly TextMatcher? _provider = criterion.Provider is null ? null : new TextMatcher(criterion.Provider);

    protected override Verdict Judge(in Known known)
    {
        var session = known.Session!;
        var provider = _provider is null ? Truth.True : session.Provider is { } name ? Kleene.Of(_provider.Matches(name)) : Truth.Unknown;
        var strong = (_acr is null || (session.Acr is { } acr && _acr.Matches(acr))) && (_amr is null || (session.Amr is { } amr && _amr.Holds(new ElementList(amr))));
        if (strong || provider == Truth.False) return Told(provider);
        return Absent with { Remedies = Remedies.StrongerAuthentication };
    }
}
