using System.Globalization;
using Doorward.Policy.Documents;

namespace Doorward.Policy.Parsing;

/// <summary>Reads the simplest kinds of values, with a problem where one is of another kind.</summary>
internal static class DataParser
{
    /// <summary>For a criterion that compares nothing: any value that does not say otherwise.</summary>
    public static bool Unused(CriterionInput input)
    {
        switch (input.Data)
        {
            case ScalarNode { Kind: ScalarKind.Boolean } scalar when scalar.Text.Equals("false", StringComparison.OrdinalIgnoreCase):
                input.Findings.Error("DW1020", $"«{input.Key}» means the same whatever its value is, also with «false».", "To negate it, put it under «not»; else write «true».", scalar.Place);
                return false;
            case ScalarNode { Kind: not ScalarKind.Text } or ScalarNode { Text: "" } or MappingNode { Entries.Count: 0 }:
                return true;
            default:
                input.Findings.Warn("DW1055", $"«{input.Key}» compares nothing: its value is not used.", "Write «true».", input.Data.Place);
                return true;
        }
    }

    /// <summary>A text that is to be compared; null with a problem.</summary>
    /// <param name="node">The value.</param>
    /// <param name="what">How messages name it.</param>
    /// <param name="findings">Where problems go.</param>
    /// <param name="scalars">Whether a number or a boolean counts as the text that it spells.</param>
    public static string? Text(Node node, string what, Findings findings, bool scalars = false)
    {
        if (!findings.CountOperand(node.Place)) return null;
        if (node is not ScalarNode scalar || scalar.Kind == ScalarKind.Null || (scalar.Kind != ScalarKind.Text && !scalars))
        {
            findings.WrongType(what, scalars ? "a text, number or boolean" : "a text", node);
            return null;
        }

        if (scalar.Kind == ScalarKind.Number) return Number(scalar, what, findings)?.ToString(CultureInfo.InvariantCulture);
        if (scalar.Kind == ScalarKind.Boolean) return Boolean(scalar, what, findings) is true ? "true" : "false";
        return Bounded(scalar, what, findings) ? scalar.Text : null;
    }

    /// <summary>A list of texts; null with a problem.</summary>
    public static IReadOnlyList<string>? Texts(Node node, string what, Findings findings, bool scalars = false)
    {
        if (node is not SequenceNode list)
        {
            findings.WrongType(what, "a list of texts, such as [a, b]", node);
            return null;
        }

        if (list.Items.Count == 0) findings.Warn("DW1056", $"{what} is an empty list.", "Write what to compare with into it, or remove it.", node.Place);
        var texts = new List<string>(list.Items.Count);
        foreach (var item in list.Items)
            if (Text(item, "What is in the list", findings, scalars) is { } text) texts.Add(text);
        return texts.Count == list.Items.Count ? texts : null;
    }

    /// <summary>One text, or a list of texts; null with a problem.</summary>
    public static IReadOnlyList<string>? OneOrMore(Node node, string what, Findings findings) =>
        node is SequenceNode ? Texts(node, what, findings) : Text(node, what, findings) is { } text ? [text] : null;

    /// <summary><c>true</c> or <c>false</c>; null with a problem.</summary>
    public static bool? Boolean(Node node, string what, Findings findings)
    {
        if (node is ScalarNode { Kind: ScalarKind.Boolean } scalar) return scalar.Text.Equals("true", StringComparison.OrdinalIgnoreCase);
        findings.WrongType(what, "true or false", node);
        return null;
    }

    /// <summary>A finite number; null with a problem.</summary>
    public static double? Number(Node node, string what, Findings findings)
    {
        if (node is ScalarNode { Kind: ScalarKind.Number } scalar && Numbers.TryParse(scalar.Text, out var number)) return number;
        findings.WrongType(what, "a number in decimal digits", node);
        return null;
    }

    /// <summary>A mapping with none but these keys, and at least one of them; null with a problem.</summary>
    public static MappingNode? Fields(CriterionInput input, params string[] fields)
    {
        if (input.Data is not MappingNode mapping)
        {
            input.Findings.WrongType(input.What, "a mapping of " + Wording.Or(fields), input.Data);
            return null;
        }

        if (mapping.Entries.Count == 0) input.Findings.Error("DW1009", $"«{input.Key}» has nothing to compare with.", $"Write {Wording.Or(fields)} into it.", input.Place);
        foreach (var entry in mapping.Entries.Where(entry => !fields.Contains(entry.Key)))
            input.Findings.Unknown("DW1008", "field", entry.Key, fields, entry.KeyPlace, $" in «{input.Key}»");
        return mapping.Entries.Count > 0 && mapping.Entries.All(entry => fields.Contains(entry.Key)) ? mapping : null;
    }

    private static bool Bounded(ScalarNode scalar, string what, Findings findings)
    {
        if (scalar.Text.AsSpan().IndexOfAny('\n', '\r', '\t') >= 0)
            findings.Error("DW1010", $"{what} has a line break or a tab in it.", "Write it on one line, without tabs.", scalar.Place);
        else if (scalar.Text.Length > PolicyLimits.OperandLength)
            findings.Error("DW1010", $"{what} is longer than {PolicyLimits.OperandLength} characters.", "Shorten it.", scalar.Place);
        else
            return true;
        return false;
    }
}
