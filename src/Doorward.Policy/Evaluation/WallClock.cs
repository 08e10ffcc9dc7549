namespace Doorward.Policy.Evaluation;

/// <summary>A condition on what the clock on the wall of a time zone shows. Instants are UTC ticks, exact to one tick.</summary>
/// <param name="zone">The time zone.</param>
internal abstract class WallClock(TimeZoneInfo zone)
{
    /// <summary>More than a week's midnights with transitions in between. A condition that has not changed by then is looked at again.</summary>
    private const int Steps = 32;

    /// <summary>Whether it holds at an instant.</summary>
    public bool Holds(long utc) => HoldsAt(utc + Offset(utc));

    /// <summary>
    /// The first instant after another at which the condition changes: at a boundary that the clock passes, or where the zone's offset
    /// changes and the clock jumps. <see cref="ITimed.Never"/> where it never does.
    /// </summary>
    public long NextChange(long utc)
    {
        if (IsConstant) return ITimed.Never;
        var now = Holds(utc);
        for (var step = 0; step < Steps; step++)
        {
            var offset = Offset(utc);
            var next = NextBoundary(utc + offset) - offset;
            if (next > DateTime.MaxValue.Ticks) return ITimed.Never;
            utc = Offset(next) == offset ? next : Transition(utc, next, offset);
            if (Holds(utc) != now) return utc;
        }

        return utc;
    }

    /// <summary>Whether it never changes.</summary>
    protected abstract bool IsConstant { get; }

    /// <summary>Whether it holds when the clock shows a local time, in ticks since the beginning of year 1.</summary>
    protected abstract bool HoldsAt(long local);

    /// <summary>The first local time after another at which the condition may change if the clock runs on evenly; within a day.</summary>
    protected abstract long NextBoundary(long local);

    protected static long TimeOfDay(long local) => (local % TimeSpan.TicksPerDay + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay;

    private long Offset(long utc) => zone.GetUtcOffset(new DateTimeOffset(utc, TimeSpan.Zero)).Ticks;

    /// <summary>The first instant in (from, to] whose offset is not the one given; within a day there is at most one.</summary>
    private long Transition(long from, long to, long offset)
    {
        while (to - from > 1)
        {
            var middle = from + (to - from) / 2;
            if (Offset(middle) == offset) from = middle;
            else to = middle;
        }

        return to;
    }
}

/// <summary>The local time of day is within a span; see <see cref="Syntax.TimeOfDayCriterion"/>.</summary>
internal sealed class TimeOfDayClock(TimeOnly? after, TimeOnly? before, TimeZoneInfo zone) : WallClock(zone)
{
    private readonly long _after = after?.Ticks ?? 0;
    private readonly long _before = before?.Ticks ?? TimeSpan.TicksPerDay;

    protected override bool IsConstant => _after == 0 && (_before == 0 || _before == TimeSpan.TicksPerDay);

    protected override bool HoldsAt(long local)
    {
        var time = TimeOfDay(local);
        return _after <= _before ? time >= _after && time < _before : time >= _after || time < _before;
    }

    protected override long NextBoundary(long local)
    {
        var time = TimeOfDay(local);
        return local - time + Math.Min(After(time, _after), After(time, _before));
    }

    private static long After(long time, long boundary) => boundary > time ? boundary : boundary + TimeSpan.TicksPerDay;
}

/// <summary>The local day of the week is one of some; see <see cref="Syntax.DayOfWeekCriterion"/>.</summary>
internal sealed class DayOfWeekClock : WallClock
{
    private readonly bool[] _days = new bool[7];

    public DayOfWeekClock(IEnumerable<DayOfWeek> days, TimeZoneInfo zone)
        : base(zone)
    {
        foreach (var day in days) _days[(int)day] = true;
    }

    protected override bool IsConstant => !_days.Contains(false) || !_days.Contains(true);

    /// <summary>The first day of year 1 is a Monday.</summary>
    protected override bool HoldsAt(long local) => _days[((local - TimeOfDay(local)) / TimeSpan.TicksPerDay + 1 + 7) % 7];

    protected override long NextBoundary(long local) => local - TimeOfDay(local) + TimeSpan.TicksPerDay;
}
