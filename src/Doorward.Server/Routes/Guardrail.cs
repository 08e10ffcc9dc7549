using Doorward.Policy;
using Doorward.Server.Routes.Matching;

namespace Doorward.Server.Routes;

/// <summary>Deny rules that join every route they select.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Who keeps it.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Text">Tells whether anything about how it is written changed, its place included.</param>
/// <param name="Digest">Tells whether what it says changed.</param>
/// <param name="Hosts">The hosts selected; none for all.</param>
/// <param name="Labels">The labels that a route must carry, all of them.</param>
/// <param name="Policies">The deny rules.</param>
internal sealed record Guardrail(
    string Name,
    ObjectSource Source,
    Place Place,
    string Text,
    string Digest,
    IReadOnlyList<HostPattern> Hosts,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<ParsedPolicy> Policies)
{
    /// <summary>Whether its rules join a route. A route for several hosts is selected if any of them is: a guardrail holds too widely rather than too narrowly.</summary>
    public bool Selects(HostPattern host, IReadOnlyDictionary<string, string> labels) =>
        (Hosts.Count == 0 || Hosts.Any(pattern => pattern.Overlaps(host)))
        && Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
