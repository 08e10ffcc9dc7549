using System.Globalization;
using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Cases;

/// <summary>Claims, attributes and records' fields.</summary>
internal static class FactValueReader
{
    /// <summary>Reads values under names that the writer chooses; nested mappings are joined with a slash, as claims are.</summary>
    public static IReadOnlyDictionary<string, FactValue> ReadFields(Fields fields)
    {
        var values = new Dictionary<string, FactValue>();
        foreach (var entry in fields.All()) Add(values, entry.Key, entry.Value, fields);
        return values;
    }

    private static void Add(Dictionary<string, FactValue> values, string path, Node node, Fields fields)
    {
        switch (node)
        {
            case MappingNode nested:
                foreach (var entry in nested.Entries) Add(values, $"{path}/{entry.Key}", entry.Value, fields);
                break;
            case SequenceNode:
                values[path] = new(fields.Texts(node, $"«{path}»"));
                break;
            case ScalarNode { Kind: ScalarKind.Text } text:
                values[path] = new(text.Text);
                break;
            case ScalarNode { Kind: ScalarKind.Boolean } flag:
                values[path] = new(flag.Text == "true");
                break;
            case ScalarNode { Kind: ScalarKind.Number } number when double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value):
                values[path] = new(value);
                break;
            case ScalarNode { Kind: ScalarKind.Number }:
                fields.Report(node, path, "a decimal number");
                break;
        }
    }
}
