using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads matchers of lists.</summary>
internal static class ListMatcherParser
{
    public static readonly string[] Operators = ["has", "has_any", "has_all", "is", "exclude"];

    public static ListMatcher? Parse(CriterionInput input) => Parse(input.Data, input.What, input.Findings);

    /// <param name="node">A text, which is <c>has</c>, or a mapping of operators.</param>
    /// <param name="what">How messages name it.</param>
    /// <param name="findings">Where problems go.</param>
    public static ListMatcher? Parse(Node node, string what, Findings findings)
    {
        switch (node)
        {
            case MappingNode { Entries.Count: 0 }:
                findings.Error("DW1009", $"{what} has nothing to compare with.", $"Write {Wording.Or(Operators)} into it.", node.Place);
                return null;
            case MappingNode mapping:
                foreach (var entry in mapping.Entries.Where(entry => !Operators.Contains(entry.Key)))
                    findings.Unknown("DW1011", "comparison of lists", entry.Key, Operators, entry.KeyPlace);
                return Matcher(mapping, findings, scalars: false);
            case SequenceNode:
                SeveralWithoutOperator(what, node, findings);
                return null;
            default:
                return DataParser.Text(node, what, findings) is { } text ? Has(text) : null;
        }
    }

    /// <summary>What a bare text means.</summary>
    public static ListMatcher Has(string text) =>
        new([new ListTest(ListOperator.Has, new StringMatcher([new StringTest(StringOperator.Is, [text])]), [])]);

    public static void SeveralWithoutOperator(string what, Node node, Findings findings) =>
        findings.Error("DW1006", $"{what} is a list, and it is not said how to compare it.", "Write { has_any: [a, b] } or { has_all: [a, b] }.", node.Place);

    /// <summary>Reads the operators of lists in a mapping, and leaves others alone; null where there are none, or with a problem.</summary>
    public static ListMatcher? Matcher(MappingNode mapping, Findings findings, bool scalars)
    {
        var tests = new List<ListTest>();
        foreach (var kind in Enum.GetValues<ListOperator>())
            if (mapping[Operators[(int)kind]] is { } operand && Test(kind, operand, findings, scalars) is { } test) tests.Add(test);
        return tests.Count > 0 ? new ListMatcher(tests) : null;
    }

    private static ListTest? Test(ListOperator kind, Node operand, Findings findings, bool scalars)
    {
        var what = $"What «{Operators[(int)kind]}» compares with";
        if (kind is ListOperator.HasAny or ListOperator.HasAll)
            return DataParser.Texts(operand, what, findings, scalars) is { } texts ? new ListTest(kind, null, texts) : null;
        return StringMatcherParser.Parse(operand, what, findings, scalars) is { } element ? new ListTest(kind, element, []) : null;
    }
}
