using System.Text.Json.Nodes;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>A list; one scalar alone counts as a list of one. Elements that have problems are left out.</summary>
internal sealed record ListValue(ValueKind Element, Type Type) : ValueKind("a list, each " + Element.Words)
{
    public override Type? Section => Element.Section;

    public override JsonNode Schema()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = Element.Schema() };
        return Element is ScalarValue or OwnValue ? new JsonObject { ["anyOf"] = new JsonArray(list, Element.Schema()) } : list;
    }

    public override object? Read(Node node, KeyShape key, SectionReader reader)
    {
        if (node is MappingNode || (node is ScalarNode && Element is not (ScalarValue or OwnValue))) return Refuse(node, key, reader);
        var items = node is SequenceNode sequence ? sequence.Items : [node];
        var values = new List<object>(items.Count);
        foreach (var item in items)
            if (Element.Read(item, key, reader) is { } value) values.Add(value);

        var array = Array.CreateInstance(Type, values.Count);
        for (var i = 0; i < values.Count; i++) array.SetValue(values[i], i);
        return array;
    }
}

/// <summary>A mapping from names that the operator chooses.</summary>
internal abstract record MapValue(ValueKind Element) : ValueKind("a mapping, each value " + Element.Words)
{
    public override Type? Section => Element.Section;

    public override JsonNode Schema() => new JsonObject { ["type"] = "object", ["additionalProperties"] = Element.Schema() };
}

/// <inheritdoc/>
internal sealed record MapValue<T>(ValueKind Element) : MapValue(Element)
    where T : class
{
    public override object? Read(Node node, KeyShape key, SectionReader reader)
    {
        if (node is not MappingNode mapping) return Refuse(node, key, reader);
        var values = new Dictionary<string, T>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
            if (Element.Read(entry.Value, key, reader) is T value) values[entry.Key] = value;
        return values;
    }
}
