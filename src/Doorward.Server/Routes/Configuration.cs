using System.Collections.Frozen;
using Doorward.Policy;
using Doorward.Server.Routes.Building;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes;

/// <summary>One configuration, complete and checked. Immutable, replaced whole: a request that has taken one sees no other.</summary>
internal sealed record Configuration
{
    /// <summary>SHA-256 of everything that it says, secrets apart, lower-case hexadecimal: the same on every node that serves the same.</summary>
    public required string Hash { get; init; }

    /// <summary>As <see cref="Hash"/>, without what each node has of its own (listeners, store, audit, log): nodes that answer alike have it alike.</summary>
    public required string SharedHash { get; init; }

    /// <summary>What concerns the whole server. Its objects (policies, guardrails, providers, routes) are those of the main file only: use the other properties.</summary>
    public required ConfigurationOptions Settings { get; init; }

    public required FrozenDictionary<string, NamedPolicy> Policies { get; init; }

    public required IReadOnlyList<Guardrail> Guardrails { get; init; }

    public required IReadOnlyList<IdentityProviderOptions> IdentityProviders { get; init; }

    /// <summary>Who may use the administration.</summary>
    public required EffectivePolicy Admins { get; init; }

    /// <summary>By name, with what each was built from.</summary>
    public required IReadOnlyDictionary<string, BuiltRoute> Built { get; init; }

    /// <summary>In the order in which they count.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    public required RouteTable Table { get; init; }

    /// <summary>Errors and warnings; with errors, some objects are not as written.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>The route of a name; null where there is none.</summary>
    public Route? RouteNamed(string name) => Built.GetValueOrDefault(name)?.Route;
}
