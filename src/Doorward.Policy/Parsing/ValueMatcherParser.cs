using Doorward.Policy.Documents;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Parsing;

/// <summary>Reads matchers of values of any type: claims, attributes, headers, fields of records.</summary>
internal static class ValueMatcherParser
{
    private static readonly string[] Ranges = ["under", "over", "before", "after"];

    public static readonly string[] Operators = [.. ListMatcherParser.Operators.Union(StringMatcherParser.Operators), .. Ranges];

    public static ValueMatcher? Parse(CriterionInput input) => Parse(input.Data, input.What, input.Findings);

    /// <param name="node">A single value, which is <c>has</c> for a text, or a mapping of operators.</param>
    /// <param name="what">How messages name it.</param>
    /// <param name="findings">Where problems go.</param>
    public static ValueMatcher? Parse(Node node, string what, Findings findings)
    {
        switch (node)
        {
            case MappingNode { Entries.Count: 0 }:
                findings.Error("DW1009", $"{what} has nothing to compare with.", $"Write {Wording.Or(Operators)} into it.", node.Place);
                return null;
            case MappingNode mapping:
                foreach (var entry in mapping.Entries.Where(entry => !Operators.Contains(entry.Key)))
                    findings.Unknown("DW1011", "comparison", entry.Key, Operators, entry.KeyPlace);
                return Matcher(mapping, findings);
            case SequenceNode:
                ListMatcherParser.SeveralWithoutOperator(what, node, findings);
                return null;
            default:
                return Single(node, what, findings, static text => ListMatcherParser.Has(text));
        }
    }

    private static ValueMatcher Matcher(MappingNode mapping, Findings findings)
    {
        // «is» with a boolean or a number compares as such; with anything else it is a comparison of lists.
        var single = mapping["is"] is ScalarNode { Kind: ScalarKind.Boolean or ScalarKind.Number } scalar ? Single(scalar, "What «is» compares with", findings, null) : null;
        var lists = single is null ? mapping : mapping with { Entries = [.. mapping.Entries.Where(entry => entry.Key != "is")] };
        return new ValueMatcher
        {
            Boolean = single?.Boolean,
            Equal = single?.Equal,
            List = ListMatcherParser.Matcher(lists, findings, scalars: true),
            Text = StringMatcherParser.Matcher(mapping, findings, scalars: true, withIs: false),
            Under = mapping["under"] is { } under ? DataParser.Number(under, "What «under» compares with", findings) : null,
            Over = mapping["over"] is { } over ? DataParser.Number(over, "What «over» compares with", findings) : null,
            Before = mapping["before"] is { } before ? TimeParser.Instant(before, "What «before» compares with", findings) : null,
            After = mapping["after"] is { } after ? TimeParser.Instant(after, "What «after» compares with", findings) : null,
        };
    }

    private static ValueMatcher? Single(Node node, string what, Findings findings, Func<string, ListMatcher>? text) => node switch
    {
        ScalarNode { Kind: ScalarKind.Boolean } => new ValueMatcher { Boolean = DataParser.Boolean(node, what, findings) },
        ScalarNode { Kind: ScalarKind.Number } => DataParser.Number(node, what, findings) is { } number ? new ValueMatcher { Equal = number } : null,
        _ => DataParser.Text(node, what, findings) is { } read && text is not null ? new ValueMatcher { List = text(read) } : null,
    };
}
