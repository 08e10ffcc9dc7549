using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Building;

/// <summary>Adds a rule that allows CORS preflights. Where all policies of a route must allow, each of them needs it.</summary>
internal static class Preflight
{
    public static Node AlsoAllow(Node policy)
    {
        var place = policy.Place;
        Node rule = Map("allow", Map("or", new SequenceNode([Map("cors_preflight", new ScalarNode(ScalarKind.Boolean, "true", place))], place)));
        return new SequenceNode(policy is SequenceNode rules ? [.. rules.Items, rule] : [policy, rule], place);

        MappingNode Map(string key, Node value) => new([new(key, place, value)], place);
    }
}
