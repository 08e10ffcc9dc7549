using Doorward.Policy;

namespace Doorward.Server.Routes.Building;

/// <summary>A route and what it was built from.</summary>
/// <param name="Text">Tells whether it must be built again.</param>
/// <param name="Faulty">Whether it stands for a wrong one, and denies.</param>
/// <param name="Warnings">What was told when it was built; it still holds while the route is used again.</param>
/// <param name="Keys">What is written, key by key, as digests.</param>
/// <param name="Route">The route.</param>
internal sealed record BuiltRoute(string Text, bool Faulty, IReadOnlyList<Problem> Warnings, IReadOnlyList<KeyValuePair<string, ulong>> Keys, Route Route);
