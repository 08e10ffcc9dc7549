using System.Globalization;
using System.Text.Json;
using Doorward.Policy.Documents;

namespace Doorward.Policy.Tests.Random;

/// <summary>Documents made by hand, and their text: JSON, which is YAML too, so that a failing policy can be pasted into a file.</summary>
internal static class Doc
{
    private static readonly Place _nowhere = new("random", 1, 1);

    public static Node Text(string text) => new ScalarNode(ScalarKind.Text, text, _nowhere);

    public static Node Flag(bool flag) => new ScalarNode(ScalarKind.Boolean, flag ? "true" : "false", _nowhere);

    public static Node Number(double number) => new ScalarNode(ScalarKind.Number, number.ToString(CultureInfo.InvariantCulture), _nowhere);

    public static Node Null { get; } = new ScalarNode(ScalarKind.Null, "", _nowhere);

    public static Node List(IEnumerable<Node> items) => new SequenceNode([.. items], _nowhere);

    public static Node Texts(IEnumerable<string> items) => List(items.Select(Text));

    /// <summary>A mapping; of entries with the same key, the first.</summary>
    public static Node Map(params IEnumerable<(string Key, Node? Value)> entries) => new MappingNode(
        [.. entries.Where(entry => entry.Value is not null).DistinctBy(entry => entry.Key).Select(entry => new MappingEntry(entry.Key, _nowhere, entry.Value!))],
        _nowhere);

    public static string Print(Node node) => node switch
    {
        MappingNode map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{JsonSerializer.Serialize(entry.Key)}: {Print(entry.Value)}"))}}}",
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Print))}]",
        ScalarNode { Kind: ScalarKind.Text } text => JsonSerializer.Serialize(text.Text),
        ScalarNode { Kind: ScalarKind.Null } => "null",
        ScalarNode scalar => scalar.Text,
        _ => "",
    };
}
