using Doorward.Policy;
using Doorward.Server.Console.Pages;

namespace Doorward.Server.Console;

/// <summary>An explanation as the lines of a page: what would have to hold for the person to be let in, and whether it does.</summary>
internal static class ReasonLines
{
    public static IReadOnlyList<LineGroup> Of(Explanation? explanation)
    {
        if (explanation is null) return [];
        // First the rules that decided. Where all of these deny, or there are none, the allow rules that do not hold would be in the way next.
        var next = explanation.Decision.Allow != Truth.True && explanation.Rules.All(rule => rule.Denies || !rule.Decided);
        var rules = explanation.Rules.Where(rule => rule.Decided || (next && !rule.Denies && rule.Truth != Truth.True)).OrderByDescending(rule => rule.Decided);
        return [.. from rule in rules from operation in rule.Operations select Group(rule, operation)];
    }

    private static LineGroup Group(ExplainedRule rule, ExplainedOperation operation)
    {
        // What is wanted of each criterion, and whether of all of them, so that the person gets in. In a deny rule it is the other
        // way round: «and» denies where all hold, so it is enough that one does not.
        var (wanted, all) = operation.Operator switch
        {
            "and" => (true, true),
            "or" => (true, false),
            "not" => (false, true),
            _ => (false, false),
        };
        if (rule.Denies) (wanted, all) = (!wanted, !all);
        List<Line> lines = [.. operation.Criteria.Select(criterion => Line(criterion, wanted))];
        if (operation.Omitted > 0) lines.Add(new(LineState.Unknown, $"and {operation.Omitted} more"));
        return new(lines.Count > 1 ? all ? "All of these are needed" : "One of these is enough" : null, lines);
    }

    private static Line Line(ExplainedCriterion criterion, bool wanted)
    {
        var state = criterion.Truth == Truth.Unknown ? LineState.Unknown : criterion.Truth == Truth.True == wanted ? LineState.Met : LineState.Missing;
        var asked = wanted ? criterion.Asked : "it must not be that " + criterion.Asked;
        return new(state, char.ToUpperInvariant(asked[0]) + asked[1..], state == LineState.Met ? null : criterion.Seen);
    }
}
