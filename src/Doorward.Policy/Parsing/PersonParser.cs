using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads <c>email</c>, <c>domain</c> and <c>risk</c>.</summary>
internal static class PersonParser
{
    private static readonly string[] Levels = ["low", "medium", "high"];

    public static Criterion? Email(CriterionInput input)
    {
        if (StringMatcherParser.Parse(input) is not { } matcher) return null;
        NeverMatches.Check(matcher, address => Emails.TrySplit(address, out _), "An e-mail address has one «@» with something on either side.", input);
        return new EmailCriterion(matcher, input.Place);
    }

    public static Criterion? Domain(CriterionInput input)
    {
        if (StringMatcherParser.Parse(input) is not { } matcher) return null;
        NeverMatches.Check(matcher, domain => domain.Length > 0 && !domain.Contains('@', StringComparison.Ordinal), "Write only what follows the «@».", input);
        return new DomainCriterion(matcher, input.Place);
    }

    public static Criterion? Risk(CriterionInput input)
    {
        if (DataParser.Fields(input, "under")?["under"] is not { } under) return null;
        if (DataParser.Text(under, "What «under» compares with", input.Findings) is not { } word) return null;
        var level = Array.IndexOf(Levels, word);
        if (level < 0)
        {
            input.Findings.Unknown("DW1021", "risk level", word, Levels, under.Place);
            return null;
        }

        if (level == 0) input.Findings.Warn("DW1057", "No risk is under «low».", "Write «medium» to let only low risk pass.", under.Place);
        return new RiskCriterion((RiskLevel)level, input.Place);
    }
}
