using System.Text.Json.Nodes;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes.Reading;

/// <summary>Headers that carry claims: a mapping from header to claim, or claims alone, whose headers are then named after them.</summary>
/// <param name="Headers">Header to claim.</param>
internal sealed record ClaimHeaders(IReadOnlyDictionary<string, string> Headers)
{
    public static ClaimHeaders? Read(Node node)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        switch (node)
        {
            case MappingNode mapping:
                foreach (var entry in mapping.Entries)
                    if (entry.Value is not ScalarNode { Kind: not ScalarKind.Null } claim || !headers.TryAdd(entry.Key, claim.Text)) return null;
                return new(headers);
            case SequenceNode list:
                foreach (var item in list.Items)
                    if (item is not ScalarNode { Kind: not ScalarKind.Null } claim || !headers.TryAdd(HeaderOf(claim.Text), claim.Text)) return null;
                return new(headers);
            default:
                return null;
        }
    }

    public static JsonNode Schema() => new JsonObject { ["type"] = new JsonArray("object", "array") };

    // A claim may be called anything; a header field may not.
    private static string HeaderOf(string claim) =>
        Product.HeaderPrefix + "Claim-" + string.Concat(claim.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
