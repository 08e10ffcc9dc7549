using System.Text.Json.Nodes;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>Policies by name, all of which must allow, or one written in place.</summary>
/// <param name="Names">The names; empty where a policy is written in place.</param>
/// <param name="Inline">The policy; null where names are written.</param>
internal sealed record PolicyChoice(IReadOnlyList<string> Names, Node? Inline)
{
    public static PolicyChoice? Read(Node node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Text } name => new([name.Text], null),
        SequenceNode { Items.Count: > 0 } list when list.Items.All(item => item is ScalarNode { Kind: ScalarKind.Text }) =>
            new([.. list.Items.Select(item => ((ScalarNode)item).Text)], null),
        SequenceNode list when list.Items.All(item => item is MappingNode) => new([], list),
        MappingNode => new([], node),
        _ => null,
    };

    public static JsonNode Schema() => new JsonObject { ["type"] = new JsonArray("string", "array", "object") };
}
