using System.Globalization;
using Doorward.Policy.Tests.Kit;

namespace Doorward.Policy.Tests.Evaluation;

/// <summary>Times of day and days of the week where the clock is changed. Berlin: 2026-03-29 from 02:00 to 03:00, 2026-10-25 from 03:00 to 02:00.</summary>
public class WallClockTests
{
    [Theory]
    // Over a day without changes.
    [InlineData("'after': '09:00', 'before': '17:00'", "2026-01-05T07:59:59Z", false, "2026-01-05T08:00:00Z")]
    [InlineData("'after': '09:00', 'before': '17:00'", "2026-01-05T08:00:00Z", true, "2026-01-05T16:00:00Z")]
    [InlineData("'after': '09:00', 'before': '17:00'", "2026-01-05T16:00:00Z", false, "2026-01-06T08:00:00Z")]
    // Over midnight.
    [InlineData("'after': '22:00', 'before': '06:00'", "2026-01-05T20:59:59Z", false, "2026-01-05T21:00:00Z")]
    [InlineData("'after': '22:00', 'before': '06:00'", "2026-01-05T21:00:00Z", true, "2026-01-06T05:00:00Z")]
    [InlineData("'after': '22:00', 'before': '06:00'", "2026-01-06T02:00:00Z", true, "2026-01-06T05:00:00Z")]
    [InlineData("'after': '22:00', 'before': '00:00'", "2026-01-05T22:00:00Z", true, "2026-01-05T23:00:00Z")]
    // One bound.
    [InlineData("'after': '18:00'", "2026-01-05T17:00:00Z", true, "2026-01-05T23:00:00Z")]
    [InlineData("'after': '18:00'", "2026-01-05T23:00:00Z", false, "2026-01-06T17:00:00Z")]
    [InlineData("'before': '06:00'", "2026-01-05T23:00:00Z", true, "2026-01-06T05:00:00Z")]
    [InlineData("'before': '06:00'", "2026-01-06T05:00:00Z", false, "2026-01-06T23:00:00Z")]
    [InlineData("'after': '00:00'", "2026-01-06T05:00:00Z", true, null)]
    // The gap: a span that would begin in it begins when the clock has jumped, one inside it does not occur.
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-03-29T00:59:59Z", false, "2026-03-29T01:00:00Z")]
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-03-29T01:00:00Z", true, "2026-03-29T07:00:00Z")]
    [InlineData("'after': '01:00', 'before': '02:30'", "2026-03-29T00:30:00Z", true, "2026-03-29T01:00:00Z")]
    [InlineData("'after': '02:10', 'before': '02:50'", "2026-03-29T00:30:00Z", false, "2026-03-30T00:10:00Z")]
    [InlineData("'after': '03:00', 'before': '04:00'", "2026-03-29T00:30:00Z", false, "2026-03-29T01:00:00Z")]
    // The overlap: a span that begins in it begins twice.
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-10-25T00:00:00Z", false, "2026-10-25T00:30:00Z")]
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-10-25T00:30:00Z", true, "2026-10-25T01:00:00Z")]
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-10-25T01:00:00Z", false, "2026-10-25T01:30:00Z")]
    [InlineData("'after': '02:30', 'before': '09:00'", "2026-10-25T01:30:00Z", true, "2026-10-25T08:00:00Z")]
    [InlineData("'after': '01:00', 'before': '02:30'", "2026-10-25T00:00:00Z", true, "2026-10-25T00:30:00Z")]
    [InlineData("'after': '01:00', 'before': '02:30'", "2026-10-25T00:30:00Z", false, "2026-10-25T01:00:00Z")]
    [InlineData("'after': '02:00', 'before': '03:00'", "2026-10-25T00:00:00Z", true, "2026-10-25T02:00:00Z")]
    // A day of 25 hours between two ordinary ones.
    [InlineData("'after': '09:00', 'before': '17:00'", "2026-10-24T15:00:00Z", false, "2026-10-25T08:00:00Z")]
    public void The_clock_on_the_wall_in_Berlin_rules(string span, string now, bool holds, string? until) =>
        Check("{'time_of_day': {'timezone': 'Europe/Berlin', " + span + "}}", "time-of-day", now, holds, until);

    [Theory]
    [InlineData("18:00")]
    [InlineData("18:00:00")]
    [InlineData("6:00PM")]
    [InlineData("6:00 PM")]
    [InlineData("6:00:00PM")]
    [InlineData("6:00:00 PM")]
    [InlineData("6PM")]
    [InlineData("6 PM")]
    public void Six_in_the_evening_is_spelled_in_many_ways(string six) =>
        Check("{'time_of_day': {'timezone': 'Europe/Berlin', 'after': '" + six + "'}}", "time-of-day", "2026-01-05T17:00:00Z", true, "2026-01-05T23:00:00Z");

    [Theory]
    [InlineData("'mon-fri'", "2026-01-05T00:00:00Z", true, "2026-01-10T00:00:00Z")]
    [InlineData("'mon-fri'", "2026-01-09T23:59:59.9999999Z", true, "2026-01-10T00:00:00Z")]
    [InlineData("'mon-fri'", "2026-01-10T00:00:00Z", false, "2026-01-12T00:00:00Z")]
    [InlineData("'mon,wed'", "2026-01-05T12:00:00Z", true, "2026-01-06T00:00:00Z")]
    [InlineData("'fri-mon'", "2026-01-06T12:00:00Z", false, "2026-01-09T00:00:00Z")]
    [InlineData("'fri-mon'", "2026-01-09T12:00:00Z", true, "2026-01-13T00:00:00Z")]
    [InlineData("'sun'", "2026-01-04T12:00:00Z", true, "2026-01-05T00:00:00Z")]
    [InlineData("'sun'", "2026-01-05T00:00:00Z", false, "2026-01-11T00:00:00Z")]
    [InlineData("'*'", "2026-01-05T12:00:00Z", true, null)]
    [InlineData("'sun, *'", "2026-01-05T12:00:00Z", true, null)]
    [InlineData("{'days': 'mon-fri', 'timezone': 'Europe/Berlin'}", "2026-01-04T22:59:59Z", false, "2026-01-04T23:00:00Z")]
    [InlineData("{'days': 'mon-fri', 'timezone': 'Europe/Berlin'}", "2026-03-27T12:00:00Z", true, "2026-03-27T23:00:00Z")]
    [InlineData("{'days': 'sat,sun', 'timezone': 'Europe/Berlin'}", "2026-03-28T12:00:00Z", true, "2026-03-29T22:00:00Z")]
    [InlineData("{'days': 'sat,sun', 'timezone': 'Europe/Berlin'}", "2026-10-24T12:00:00Z", true, "2026-10-25T23:00:00Z")]
    // Midnight itself does not occur in São Paulo on 2018-11-04: the day begins at 01:00.
    [InlineData("{'days': 'sun', 'timezone': 'America/Sao_Paulo'}", "2018-11-04T02:59:59Z", false, "2018-11-04T03:00:00Z")]
    // Samoa had no 2011-12-30: after Thursday came Saturday.
    [InlineData("{'days': 'sat', 'timezone': 'Pacific/Apia'}", "2011-12-30T09:59:59Z", false, "2011-12-30T10:00:00Z")]
    [InlineData("{'days': 'fri', 'timezone': 'Pacific/Apia'}", "2011-12-30T09:59:59Z", false, "2012-01-05T10:00:00Z")]
    public void The_calendar_in_a_zone_rules(string data, string now, bool holds, string? until) =>
        Check("{'day_of_week': " + data + "}", "day-of-week", now, holds, until);

    [Theory]
    [InlineData("'after': '2026-01-01T09:00:00Z'", -1, false, 0)]
    [InlineData("'after': '2026-01-01T09:00:00Z'", 0, true, null)]
    [InlineData("'before': '2026-01-01T09:00:00Z'", -1, true, 0)]
    [InlineData("'before': '2026-01-01T09:00:00Z'", 0, false, null)]
    [InlineData("'after': '2026-01-01T10:00:00+01:00', 'before': '2026-01-01T09:00:00.0000005Z'", -1, false, 0)]
    [InlineData("'after': '2026-01-01T10:00:00+01:00', 'before': '2026-01-01T09:00:00.0000005Z'", 0, true, 5)]
    [InlineData("'after': '2026-01-01T10:00:00+01:00', 'before': '2026-01-01T09:00:00.0000005Z'", 5, false, null)]
    public void A_date_is_exact_to_the_tick(string span, int ticks, bool holds, int? until)
    {
        var decision = Policies.Allowing("{'date': {" + span + "}}").Decide(new Facts { Now = Some.Now.AddTicks(ticks) });
        Assert.Equal((holds ? Truth.True : Truth.False, until is { } end ? Some.Now.AddTicks(end) : null), (decision.Allow, decision.ValidUntil));
        Assert.Equal([holds ? "date-ok" : "date-unauthorized"], decision.AllowReasons.Codes());
    }

    [Fact]
    public void At_the_ends_of_time_nothing_is_thrown()
    {
        var policy = Policies.Of("{'allow': {'or': [{'time_of_day': {'timezone': 'Pacific/Apia', 'after': '09:00', 'before': '17:00'}}, {'day_of_week': {'timezone': 'America/New_York', 'days': 'sun'}}]}}");
        foreach (var now in new[] { DateTimeOffset.MinValue, DateTimeOffset.MinValue.AddTicks(1), DateTimeOffset.MaxValue, DateTimeOffset.MaxValue.AddHours(-1) })
            Assert.True(policy.Decide(new Facts { Now = now }).ValidUntil is not { } until || until > now);
        _ = policy.Explain(new Facts { Now = DateTimeOffset.MinValue });
        _ = policy.Explain(new Facts { Now = DateTimeOffset.MaxValue });
    }

    private static void Check(string criterion, string reason, string now, bool holds, string? until)
    {
        var decision = Policies.Allowing(criterion).Decide(new Facts { Now = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture) });
        Assert.Equal((holds ? Truth.True : Truth.False, until), (decision.Allow, decision.ValidUntil?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));
        Assert.Equal([reason + (holds ? "-ok" : "-unauthorized")], decision.AllowReasons.Codes());
    }
}
