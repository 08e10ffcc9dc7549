using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads matchers of one text.</summary>
internal static class StringMatcherParser
{
    public static readonly string[] Operators = ["is", "not", "in", "not_in", "contains", "starts_with", "ends_with", "matches"];

    public static StringMatcher? Parse(CriterionInput input) => Parse(input.Data, input.What, input.Findings);

    /// <param name="node">A text, which is <c>is</c>, or a mapping of operators.</param>
    /// <param name="what">How messages name it.</param>
    /// <param name="findings">Where problems go.</param>
    /// <param name="scalars">Whether a number or a boolean counts as the text that it spells.</param>
    public static StringMatcher? Parse(Node node, string what, Findings findings, bool scalars = false)
    {
        switch (node)
        {
            case MappingNode { Entries.Count: 0 }:
                findings.Error("DW1009", $"{what} has nothing to compare with.", $"Write {Wording.Or(Operators)} into it.", node.Place);
                return null;
            case MappingNode mapping:
                foreach (var entry in mapping.Entries.Where(entry => !Operators.Contains(entry.Key)))
                    findings.Unknown("DW1011", "comparison", entry.Key, Operators, entry.KeyPlace);
                return Matcher(mapping, findings, scalars);
            case SequenceNode:
                findings.Error("DW1006", $"{what} is a list, and one text is compared here.", "To compare with several, write { in: [a, b] }.", node.Place);
                return null;
            default:
                return DataParser.Text(node, what, findings, scalars) is { } text ? new StringMatcher([new StringTest(StringOperator.Is, [text])]) : null;
        }
    }

    /// <summary>Reads the operators of texts in a mapping, and leaves others alone; null where there are none, or with a problem.</summary>
    public static StringMatcher? Matcher(MappingNode mapping, Findings findings, bool scalars, bool withIs = true)
    {
        var tests = new List<StringTest>();
        foreach (var kind in Enum.GetValues<StringOperator>())
            if ((withIs || kind != StringOperator.Is) && mapping[Operators[(int)kind]] is { } operand && Test(kind, operand, findings, scalars) is { } test) tests.Add(test);
        return tests.Count > 0 ? new StringMatcher(tests) : null;
    }

    private static StringTest? Test(StringOperator kind, Node operand, Findings findings, bool scalars)
    {
        var what = $"What «{Operators[(int)kind]}» compares with";
        if (kind is StringOperator.In or StringOperator.NotIn)
            return DataParser.Texts(operand, what, findings, scalars) is { } texts ? new StringTest(kind, texts) : null;
        if (DataParser.Text(operand, what, findings, scalars) is not { } text) return null;
        return kind != StringOperator.Matches || Patterns.Check(text, operand.Place, findings) ? new StringTest(kind, [text]) : null;
    }
}
