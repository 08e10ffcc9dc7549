using Doorward.Policy.Syntax;

namespace Doorward.Policy.Tests.Naive;

/// <summary>Time criteria, and when they change what they say: found by watching the clock, step by step.</summary>
internal static class NaiveTime
{
    /// <summary>Beyond a week and a day nothing new happens to a weekday or a time of day.</summary>
    private static readonly TimeSpan _horizon = TimeSpan.FromDays(8);

    /// <summary>Offsets, and so the beginnings of days, are multiples of this.</summary>
    private static readonly TimeSpan _quarter = TimeSpan.FromMinutes(15);

    public static bool Holds(DateCriterion date, DateTimeOffset now) =>
        (date.After is null || now >= date.After) && (date.Before is null || now < date.Before);

    public static bool Holds(DayOfWeekCriterion day, DateTimeOffset now) => day.Days.Contains(Local(day.Zone, now).DayOfWeek);

    public static bool Holds(TimeOfDayCriterion time, DateTimeOffset now)
    {
        var clock = TimeOnly.FromDateTime(Local(time.Zone, now));
        return (time.After, time.Before) switch
        {
            (null, { } before) => clock < before,
            ({ } after, null) => clock >= after,
            ({ } after, { } before) when after < before => clock >= after && clock < before,
            ({ } after, { } before) => clock >= after || clock < before,
            _ => throw new InvalidOperationException("The parser lets none through without a bound."),
        };
    }

    public static DateTimeOffset? NextChange(Criterion criterion, Facts facts) => criterion switch
    {
        DateCriterion date => new[] { date.After, date.Before }.Where(instant => instant > facts.Now).Min(),
        SessionAgeCriterion age => NaiveCriteria.SessionOf(facts)?.AuthTime + age.Under,
        DayOfWeekCriterion day => Watch(now => Holds(day, now), facts.Now, _quarter),
        TimeOfDayCriterion time => Watch(now => Holds(time, now), facts.Now, TimeSpan.FromMinutes(1)),
        _ => null,
    };

    private static DateTime Local(TimeZoneInfo zone, DateTimeOffset now) => now.UtcDateTime + zone.GetUtcOffset(now);

    private static DateTimeOffset? Watch(Func<DateTimeOffset, bool> holds, DateTimeOffset now, TimeSpan step)
    {
        var today = holds(now);
        for (var instant = now; instant < now + _horizon; instant += step)
        {
            if (holds(instant + step) == today) continue;
            var (same, changed) = (instant.UtcTicks, instant.UtcTicks + step.Ticks);
            while (changed - same > 1)
            {
                var middle = same + ((changed - same) / 2);
                if (holds(new(middle, TimeSpan.Zero)) == today) same = middle;
                else changed = middle;
            }

            return new DateTimeOffset(changed, TimeSpan.Zero);
        }

        return null;
    }
}
