using Doorward.Policy;
using Doorward.Policy.Documents;

namespace Doorward.Server.Routes;

/// <summary>A policy that routes, guardrails and administrators refer to by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Who keeps it.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Text">Tells whether anything about how it is written changed, its place included.</param>
/// <param name="Node">What is written.</param>
/// <param name="Parsed">What it means.</param>
/// <param name="Warnings">What was told when it was parsed.</param>
internal sealed record NamedPolicy(string Name, ObjectSource Source, Place Place, string Text, Node Node, ParsedPolicy Parsed, IReadOnlyList<Problem> Warnings)
{
    /// <summary>What it means: the same for texts that differ only in layout, comments, key order or notation.</summary>
    public string Digest => EffectivePolicy.Compile([Parsed], []).Digest;
}
