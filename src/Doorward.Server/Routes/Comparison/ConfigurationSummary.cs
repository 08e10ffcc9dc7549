using System.Text.Json.Serialization;
using Doorward.Server.Routes.Building;
using Doorward.Server.Routes.Options;

namespace Doorward.Server.Routes.Comparison;

/// <summary>What a configuration says, as digests: enough to compare two, on two machines, without showing either.</summary>
internal sealed record ConfigurationSummary
{
    /// <summary>The whole, as <see cref="Configuration.Hash"/>.</summary>
    public required string Version { get; init; }

    /// <summary>Errors in what is written; above 0, what is in force is not what is written.</summary>
    public required int Errors { get; init; }

    /// <summary>Digests of what is written for the whole server, by key.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Digests of what policies mean, by name: layout and notation make no difference.</summary>
    public required IReadOnlyDictionary<string, string> Policies { get; init; }

    public required IReadOnlyDictionary<string, string> Guardrails { get; init; }

    public required IReadOnlyDictionary<string, string> IdentityProviders { get; init; }

    public required IReadOnlyDictionary<string, RouteSummary> Routes { get; init; }

    public static ConfigurationSummary Of(Configuration configuration) => new()
    {
        Version = configuration.Hash,
        Errors = configuration.Problems.Count(problem => problem.Severity == Policy.Severity.Error),
        Settings = SettingsInForce.Digests(configuration.Settings),
        Policies = configuration.Policies.Values.ToDictionary(policy => policy.Name, policy => policy.Digest),
        Guardrails = configuration.Guardrails.ToDictionary(guardrail => guardrail.Name, guardrail => guardrail.Digest),
        IdentityProviders = configuration.IdentityProviders.ToDictionary(provider => provider.Name, provider => NodeDigest.Of(Redaction.Of(provider.Node, typeof(IdentityProviderOptions)))),
        Routes = configuration.Built.Values.ToDictionary(built => built.Route.Name, RouteSummary.Of),
    };
}

/// <summary>What a route says.</summary>
/// <param name="Match">What it matches, for people.</param>
/// <param name="Source">Who keeps it.</param>
/// <param name="Denies">Whether it stands for a wrong one, and denies.</param>
/// <param name="Policy">The digest of its effective policy, guardrails included.</param>
/// <param name="Origins">The policies and guardrails that this is made of.</param>
/// <param name="Keys">Digests of what is written, by key.</param>
internal sealed record RouteSummary(string Match, ObjectSource Source, bool Denies, string Policy, IReadOnlyList<string> Origins, IReadOnlyDictionary<string, string> Keys)
{
    public static RouteSummary Of(BuiltRoute built) => new(
        built.Route.Match.ToString(), built.Route.Source, built.Faulty, built.Route.Policy.Digest,
        [.. built.Route.Policy.Rules.Select(rule => rule.Origin).Distinct()],
        built.Keys.ToDictionary(key => key.Key, key => key.Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ConfigurationSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext;
