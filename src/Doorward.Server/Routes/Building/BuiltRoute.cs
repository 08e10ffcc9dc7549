using Doorward.Policy;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Building;

/// <summary>A route and what it was built from.</summary>
/// <param name="Options">What is written.</param>
/// <param name="Context">What every route depends on; see <see cref="BuildContext.Text"/>.</param>
/// <param name="Text">What is written, where, as a digest: with the context it tells whether the route must be built again.</param>
/// <param name="Faulty">Whether it stands for a wrong one, and denies.</param>
/// <param name="Warnings">What was told when it was built; it still holds while the route is used again.</param>
/// <param name="Keys">What is written, key by key, as digests.</param>
/// <param name="Route">The route.</param>
internal sealed record BuiltRoute(
    RouteOptions Options, string Context, string Text, bool Faulty, IReadOnlyList<Problem> Warnings, IReadOnlyList<KeyValuePair<string, ulong>> Keys, Route Route);
