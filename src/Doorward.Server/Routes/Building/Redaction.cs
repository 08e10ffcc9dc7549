using Doorward.Policy.Documents;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>A document without the secrets that are written in place: digests of it are published, and a weak secret could be guessed from one.</summary>
internal static class Redaction
{
    public static Node? Of(Node? node, Type section)
    {
        if (node is not MappingNode mapping) return node;
        var shape = SectionShape.Of(section);
        return mapping with { Entries = [.. mapping.Entries.Select(entry => shape.ByName.TryGetValue(entry.Key, out var key) ? entry with { Value = Value(entry.Value, key.Kind) } : entry)] };
    }

    private static Node Value(Node value, ValueKind kind) => kind switch
    {
        TwinValue => new ScalarNode(ScalarKind.Null, "", value.Place),
        { Section: { } section } when value is SequenceNode list => list with { Items = [.. list.Items.Select(item => Of(item, section)!)] },
        { Section: { } section } => Of(value, section)!,
        _ => value,
    };
}
