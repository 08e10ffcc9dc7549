using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>session_age</c> and <c>authentication</c>.</summary>
internal static class SessionParser
{
    public static Criterion? Age(CriterionInput input)
    {
        if (DataParser.Fields(input, "under")?["under"] is not { } under) return null;
        if (DataParser.Text(under, "What «under» compares with", input.Findings) is not { } text) return null;
        if (Durations.TryParse(text, out var duration) && duration > TimeSpan.Zero) return new SessionAgeCriterion(duration, input.Place);
        input.Findings.Error("DW1014", $"{Wording.Quote(text)} is no time span.", "Write a number with its unit, such as 30s, 15m, 12h, 1h30m or 7d.", under.Place);
        return null;
    }

    public static Criterion? Authentication(CriterionInput input)
    {
        if (DataParser.Fields(input, "acr", "amr", "provider") is not { } fields) return null;
        return new AuthenticationCriterion(
            fields["acr"] is { } acr ? StringMatcherParser.Parse(acr, "«acr»", input.Findings) : null,
            fields["amr"] is { } amr ? ListMatcherParser.Parse(amr, "«amr»", input.Findings) : null,
            fields["provider"] is { } provider ? StringMatcherParser.Parse(provider, "«provider»", input.Findings) : null,
            input.Place);
    }
}
