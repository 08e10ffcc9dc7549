using System.Collections.ObjectModel;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>What the main file and every included file may hold.</summary>
[Section("an included file")]
internal record SharedOptions : Section
{
    /// <summary>Policies by name, for routes, guardrails and administrators to refer to. The language is described in docs/policy.md.</summary>
    [Key(Example = "{ staff: { allow: { and: [ { domain: { is: example.com } } ] } } }")]
    public IReadOnlyDictionary<string, Node> Policies { get; init; } = ReadOnlyDictionary<string, Node>.Empty;

    /// <summary>Deny rules over hosts or labels, which no route can widen.</summary>
    [Key(Example = "[ { name: no-contractors, labels: { stage: production }, policy: contractors-out } ]")]
    public IReadOnlyList<GuardrailOptions> Guardrails { get; init; } = [];

    /// <summary>Where people sign in. With several, the person, their e-mail's domain or the route chooses.</summary>
    [Key(Example = "[ { name: corp, preset: keycloak, issuer: https://sso.example.com/realms/corp, client_id: doorward, client_secret_file: /run/secrets/corp } ]")]
    public IReadOnlyList<IdentityProviderOptions> IdentityProviders { get; init; } = [];

    /// <summary>The ways through Doorward.</summary>
    [Key(Example = "[ { from: https://app.example.com, to: http://127.0.0.1:3000, policy: staff } ]")]
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}
