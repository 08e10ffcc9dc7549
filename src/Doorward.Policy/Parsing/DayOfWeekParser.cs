using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>day_of_week</c>: <c>mon-fri</c>, <c>mon,wed</c>, <c>*</c>, or a mapping of <c>days</c> and <c>timezone</c>.</summary>
internal static class DayOfWeekParser
{
    private static readonly string[] Names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static Criterion? Parse(CriterionInput input)
    {
        var fields = input.Data is MappingNode ? DataParser.Fields(input, "days", "timezone") : null;
        if (input.Data is MappingNode && fields is null) return null;
        if (fields is not null && fields["days"] is null)
        {
            input.Findings.Error("DW1009", "«day_of_week» lacks its days.", "Write «days: mon-fri» into it.", input.Place);
            return null;
        }

        var zone = TimeParser.Zone(fields?["timezone"], input);
        var days = Days(fields?["days"] ?? input.Data, input);
        return days is null || zone is null ? null : new DayOfWeekCriterion(days, zone, input.Place);
    }

    private static List<DayOfWeek>? Days(Node node, CriterionInput input)
    {
        if (DataParser.OneOrMore(node, "The days", input.Findings) is not { } texts) return null;
        var set = new bool[7];
        foreach (var part in texts.SelectMany(text => text.Split(',')))
        {
            if (TryRange(part.Trim(), out var first, out var last))
            {
                // A range may go over the end of the week: «fri-mon».
                for (var day = first; ; day = (day + 1) % 7)
                {
                    set[day] = true;
                    if (day == last) break;
                }
            }
            else
            {
                input.Findings.Error("DW1014", $"{Wording.Quote(part.Trim())} is no day of the week.", "Write «mon-fri», «mon,wed», or «*» for all.", node.Place);
                return null;
            }
        }

        if (!set.Contains(true))
        {
            // Left out, it would let through on every day.
            input.Findings.Error("DW1014", $"{Wording.Quote("")} is no day of the week.", "Write «mon-fri», «mon,wed», or «*» for all.", node.Place);
            return null;
        }

        return [.. Enumerable.Range(0, 7).Where(day => set[day]).Select(day => (DayOfWeek)((day + 1) % 7))];
    }

    private static bool TryRange(string text, out int first, out int last)
    {
        (first, last) = (0, 6);
        if (text == "*") return true;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        first = Day(dash < 0 ? text : text[..dash]);
        last = dash < 0 ? first : Day(text[(dash + 1)..]);
        return first >= 0 && last >= 0;
    }

    /// <summary>0 for Monday; -1 for none.</summary>
    private static int Day(string text)
    {
        var name = text.Trim().ToLowerInvariant();
        return Array.FindIndex(Names, day => day == name || (name.Length == 3 && day.StartsWith(name, StringComparison.Ordinal)));
    }
}
