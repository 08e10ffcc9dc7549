using System.Globalization;
using System.Text;

namespace Doorward.Policy;

/// <summary>Renders an <see cref="Explanation"/> in words: the one place that pages, command line and console take them from.</summary>
public static class ExplanationText
{
    /// <summary>The whole explanation, lines ending with a line feed.</summary>
    /// <param name="explanation">What to render.</param>
    /// <returns>The text; plain, not escaped for any markup.</returns>
    public static string Render(Explanation explanation)
    {
        var text = new StringBuilder();
        text.Append(Summary(explanation.Decision)).Append('\n');
        foreach (var rule in explanation.Rules) Rule(text, rule);
        foreach (var line in Change(explanation)) text.Append(line).Append('\n');
        foreach (var step in explanation.Next) text.Append("To do: ").Append(step).Append('\n');
        return text.ToString();
    }

    /// <summary>The outcome in one sentence, with its reasons.</summary>
    /// <param name="decision">The decision.</param>
    /// <returns>The sentence.</returns>
    public static string Summary(Decision decision)
    {
        var outcome = decision.Outcome switch
        {
            Outcome.Allow => "Let through",
            Outcome.SignIn => "Asked to sign in",
            Outcome.StepUp => "Asked to sign in again",
            Outcome.Device => "Asked for a device",
            Outcome.Certificate => "Asked for a client certificate",
            _ => "Refused",
        };
        var reasons = decision.Reasons == ReasonSet.None ? "" : $" ({decision.Reasons})";
        var until = decision.ValidUntil is { } end ? $" This can change at {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC." : "";
        return $"{outcome}{reasons}.{until}";
    }

    /// <summary>One criterion in one sentence: what it asks, what it said and what it saw.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <returns>The sentence.</returns>
    public static string Sentence(ExplainedCriterion criterion) => $"It asks that {criterion.Asked}: {Word(criterion.Truth)}. {criterion.Seen}";

    /// <summary>What would have to be otherwise, one line each; none for somebody who is let through.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<string> Change(Explanation explanation)
    {
        if (explanation.Decision.Outcome == Outcome.Allow) yield break;
        if (explanation.Change is not { } change)
        {
            yield return "Nothing about you or the request would change this: nobody is let through here.";
            yield break;
        }

        var wanted = change.Criteria.Select(Wanted).ToList();
        if (change.Lifted is { } lifted) wanted.Insert(0, lifted == Reason.Locked ? "the lock were lifted" : "your access had not ended");
        var lead = change.Exact ? "It would be enough" : "It might be enough";
        if (wanted.Count == 1) yield return $"{lead} if {wanted[0]}.";
        if (wanted.Count > 1) yield return $"{lead} if all of this were so:";
        if (wanted.Count > 1)
            foreach (var line in wanted) yield return $"- {line}";
    }

    private static string Wanted(WantedCriterion criterion) => (criterion.Wanted ? "" : "it were not so that ") + $"{criterion.Asked} ({criterion.Key})";

    private static void Rule(StringBuilder text, ExplainedRule rule)
    {
        text.Append(CultureInfo.InvariantCulture, $"{(rule.Denies ? "deny" : "allow")} rule of {Wording.Quote(rule.Origin)} at {rule.Place}: {Word(rule.Truth)}{(rule.Decided ? ", and it decided" : "")}\n");
        foreach (var operation in rule.Operations)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {operation.Operator}: {Word(operation.Truth)}\n");
            foreach (var criterion in operation.Criteria) text.Append(CultureInfo.InvariantCulture, $"    {criterion.Key}: {Sentence(criterion)}\n");
            if (operation.Omitted > 0) text.Append(CultureInfo.InvariantCulture, $"    and {operation.Omitted} more\n");
        }
    }

    private static string Word(Truth truth) => truth switch { Truth.True => "true", Truth.False => "false", _ => "unknown" };
}
