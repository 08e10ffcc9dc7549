using System.Collections;
using System.Text.Json.Nodes;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>What a value may be: how it is read, how it is told to people, and how to an editor.</summary>
/// <param name="Words">With its article: <c>a duration</c>.</param>
internal abstract record ValueKind(string Words)
{
    /// <summary>The JSON schema of the value.</summary>
    public abstract JsonNode Schema();

    /// <summary>Makes the value from a file's text and path, where a <c>_file</c> twin may name one.</summary>
    public virtual Func<string, string, object>? FromFile => null;

    /// <summary>The section that the value is or holds.</summary>
    public virtual Type? Section => null;

    /// <summary>Whether messages may repeat what was written. Where a secret may stand, or may have slipped to, they do not.</summary>
    protected virtual bool Repeats => false;

    /// <summary>Reads a value.</summary>
    /// <returns>The value; null where it has problems, which the reader then holds.</returns>
    public abstract object? Read(Node node, KeyShape key, SectionReader reader);

    protected object? Refuse(Node node, KeyShape key, SectionReader reader)
    {
        reader.Report("DW2002", $"«{key.Name}» wants {Words}, and this is {Describe(node)}.", Cure(key), node.Place);
        return null;
    }

    protected static string Cure(KeyShape key) => $"Write, for example: {key.Name}: {key.Attribute.Example}";

    private string Describe(Node node) => node switch
    {
        SequenceNode => "a list",
        MappingNode => "a mapping",
        ScalarNode { Kind: ScalarKind.Null } => "nothing",
        _ => Repeats && node is ScalarNode { Text.Length: <= 60 } scalar ? $"«{scalar.Text}»" : "a text",
    };
}

/// <summary>One text, number or boolean.</summary>
internal sealed record ScalarValue(string Words, JsonNode JsonSchema, Func<string, object?> Parse) : ValueKind(Words)
{
    public override JsonNode Schema() => JsonSchema.DeepClone();

    protected override bool Repeats => true;

    public override object? Read(Node node, KeyShape key, SectionReader reader)
    {
        if (node is not ScalarNode { Kind: not ScalarKind.Null } scalar || Parse(scalar.Text) is not { } value) return Refuse(node, key, reader);
        if (Outside(value, key.Attribute.Min, -1) || Outside(value, key.Attribute.Max, 1))
        {
            reader.Report("DW2003", $"«{key.Name}» is {scalar.Text}, and must be {Range(key.Attribute)}.", Cure(key), node.Place);
            return null;
        }

        return value;
    }

    private bool Outside(object value, string? bound, int side) =>
        bound is not null && Parse(bound) is { } limit && Comparer.DefaultInvariant.Compare(value, limit) * side > 0;

    private static string Range(KeyAttribute key) =>
        key.Max is null ? $"at least {key.Min}" : key.Min is null ? $"at most {key.Max}" : $"from {key.Min} to {key.Max}";
}

/// <summary>A text that is better kept in a file; the twin key names that file.</summary>
internal sealed record TwinValue(string Words, Func<string, string?, FromFile?> Make) : ValueKind(Words)
{
    public override Func<string, string, object>? FromFile => (text, path) => Make(text, path)!;

    public override JsonNode Schema() => new JsonObject { ["type"] = "string" };

    public override object? Read(Node node, KeyShape key, SectionReader reader) =>
        node is ScalarNode { Kind: not ScalarKind.Null } scalar && Make(scalar.Text, null) is { } value ? value : Refuse(node, key, reader);
}

/// <summary>The path of a file that is read at once.</summary>
internal sealed record FileValue(string Words) : ValueKind(Words)
{
    public override JsonNode Schema() => new JsonObject { ["type"] = "string" };

    public override object? Read(Node node, KeyShape key, SectionReader reader) =>
        node is ScalarNode { Kind: not ScalarKind.Null } scalar ? reader.ReadFile(scalar) : Refuse(node, key, reader);
}

/// <summary>Whatever is written, for somebody else to read and to judge: a policy.</summary>
internal sealed record RawValue(string Words) : ValueKind(Words)
{
    public override JsonNode Schema() => new JsonObject { ["type"] = new JsonArray("object", "array") };

    public override object? Read(Node node, KeyShape key, SectionReader reader) => node;
}

/// <summary>A value with a reader of its own.</summary>
internal sealed record OwnValue(string Words, JsonNode JsonSchema, Func<Node, object?> Make) : ValueKind(Words)
{
    public override JsonNode Schema() => JsonSchema.DeepClone();

    public override object? Read(Node node, KeyShape key, SectionReader reader) => Make(node) ?? Refuse(node, key, reader);
}

/// <summary>A section inside the section.</summary>
internal sealed record SectionValue(Type Type) : ValueKind("a mapping")
{
    public override Type? Section => Type;

    public override JsonNode Schema() => new JsonObject { ["$ref"] = "#/definitions/" + Type.Name };

    public override object? Read(Node node, KeyShape key, SectionReader reader) =>
        node is MappingNode mapping ? reader.Read(Type, mapping) : Refuse(node, key, reader);
}
