using Doorward.Policy.Documents;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Building;

/// <summary>Objects of one source: a file, the console, Kubernetes.</summary>
/// <param name="Source">Who keeps them.</param>
/// <param name="Options">What is written.</param>
internal sealed record ObjectSet(ObjectSource Source, SharedOptions Options)
{
    public IEnumerable<Written<Node>> Policies() =>
        Options.Policies.Select(policy => new Written<Node>(policy.Key, policy.Value, Source, policy.Value.Place));

    public IEnumerable<Written<GuardrailOptions>> Guardrails() =>
        Options.Guardrails.Where(guardrail => guardrail.Name.Length > 0).Select(guardrail => new Written<GuardrailOptions>(guardrail.Name, guardrail, Source, guardrail.Place));

    public IEnumerable<Written<IdentityProviderOptions>> Providers() =>
        Options.IdentityProviders.Where(provider => provider.Name.Length > 0).Select(provider => new Written<IdentityProviderOptions>(provider.Name, provider, Source, provider.Place));

    public IEnumerable<Written<RouteOptions>> Routes() =>
        Options.Routes.Select(route => new Written<RouteOptions>(route.Name ?? NameOf(route), route, Source, route.Place));

    // What the route matches, as written; unique because two routes that match the same are a problem anyway.
    private static string NameOf(RouteOptions route)
    {
        var from = route.From.Split("://") is [_, var authority] ? authority.TrimEnd('/') : route.From;
        return from + (route.Path is { } path ? "=" + path : route.Regex is { } regex ? "~" + regex : route.Prefix is { } prefix ? PathForm.Of(prefix) ?? prefix : "");
    }
}
