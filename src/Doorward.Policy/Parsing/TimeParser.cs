using System.Globalization;
using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>date</c> and <c>time_of_day</c>, and instants wherever they stand.</summary>
internal static class TimeParser
{
    private static readonly string[] TimesOfDay = ["H:mm", "H:mm:ss", "h:mmtt", "h:mm tt", "h:mm:sstt", "h:mm:ss tt", "htt", "h tt"];

    public static Criterion? Date(CriterionInput input)
    {
        if (DataParser.Fields(input, "after", "before") is not { } fields) return null;
        var after = fields["after"] is { } first ? Instant(first, "«after»", input.Findings) : null;
        var before = fields["before"] is { } last ? Instant(last, "«before»", input.Findings) : null;
        if (after >= before)
        {
            input.Findings.Error("DW1017", "«before» is not later than «after», so it is never within.", "Exchange the two, or remove one.", input.Place);
            return null;
        }

        return new DateCriterion(after, before, input.Place);
    }

    public static Criterion? TimeOfDay(CriterionInput input)
    {
        if (DataParser.Fields(input, "timezone", "after", "before") is not { } fields) return null;
        var zone = Zone(fields["timezone"], input);
        var after = fields["after"] is { } first ? Time(first, "«after»", input.Findings) : null;
        var before = fields["before"] is { } last ? Time(last, "«before»", input.Findings) : null;
        if (fields["after"] is null && fields["before"] is null)
            input.Findings.Error("DW1009", "«time_of_day» has nothing to compare with.", "Write «after», «before» or both into it.", input.Place);
        else if (before is not null && before == (after ?? TimeOnly.MinValue))
            input.Findings.Error("DW1017", "No time of day is within: the span ends where it begins.", "Change «after» or «before», or remove one.", input.Place);
        return zone is null ? null : new TimeOfDayCriterion(after, before, zone, input.Place);
    }

    /// <summary>The zone named, UTC where none is; null with a problem.</summary>
    public static TimeZoneInfo? Zone(Node? node, CriterionInput input)
    {
        if (node is null) return TimeZoneInfo.Utc;
        if (DataParser.Text(node, "The time zone", input.Findings) is not { } name) return null;
        var zone = input.Zones(name);
        if (zone is null) input.Findings.Error("DW1015", $"There is no time zone {Wording.Quote(name)}.", "Write a name of the IANA database, such as «Europe/Berlin».", node.Place);
        return zone;
    }

    /// <summary>An instant; null with a problem.</summary>
    public static DateTimeOffset? Instant(Node node, string what, Findings findings)
    {
        if (DataParser.Text(node, what, findings) is not { } text) return null;
        if (Instants.TryParse(text, out var instant)) return instant;
        findings.Error("DW1014", $"{what} is {Wording.Quote(text)}, which is no date.", "Write a date such as 2026-12-31 (its beginning in UTC), or 2026-12-31T18:00:00+01:00 with its offset.", node.Place);
        return null;
    }

    private static TimeOnly? Time(Node node, string what, Findings findings)
    {
        if (DataParser.Text(node, what, findings) is not { } text) return null;
        if (TimeOnly.TryParseExact(text, TimesOfDay, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        findings.Error("DW1014", $"{what} is {Wording.Quote(text)}, which is no time of day.", "Write it such as 18:30, 18:30:00 or 6:30PM.", node.Place);
        return null;
    }
}
