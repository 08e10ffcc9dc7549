using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Doorward.Policy;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>
/// From what is written to a whole configuration. Never fails: a wrong route denies, and of everything else that is wrong the last
/// good stays. Whether a configuration with errors may be used at all is for the caller to say.
/// </summary>
/// <param name="previous">The configuration in force; null at start.</param>
internal sealed class ConfigurationBuilder(Configuration? previous)
{
    private readonly Findings _findings = new();

    /// <summary>Builds the configuration.</summary>
    /// <param name="main">The main file.</param>
    /// <param name="sources">Everything that holds objects, in the order in which they count: the files first.</param>
    /// <param name="problems">What is already known to be wrong.</param>
    public Configuration Build(ConfigurationOptions main, IReadOnlyList<ObjectSet> sources, IReadOnlyList<Problem> problems)
    {
        _findings.AddRange(problems);
        var settings = SettingsInForce.Of(main, SettingsChecks.Run(main, _findings), previous?.Settings);
        var written = Counting(sources, set => set.Guardrails(), "a guardrail", GuardrailSource);
        var guarding = written.SelectMany(guardrail => guardrail.Value.Policy?.Names ?? []).ToHashSet();
        var policies = new PolicyBook(Counting(sources, set => set.Policies(), "a policy", PolicySource), guarding, previous, _findings);
        var guardrailBuilder = new GuardrailBuilder(policies, previous, _findings);
        var guardrails = written.Select(guardrailBuilder.Build).OfType<Guardrail>().ToList();
        var writtenProviders = Counting(sources, set => set.Providers(), "an identity provider", _ => null);
        var providers = ProviderChecks.Run(writtenProviders, previous, _findings);
        var context = new BuildContext(settings, policies, guardrails, providers.Select(provider => provider.Name).ToHashSet(), previous);
        SignalChecks.Run(settings.Signals, context.Providers, _findings);
        var admins = Admins(settings, context);
        var routes = Routes(sources, context);
        ReachChecks.Run(settings, writtenProviders.Count > 0, routes, _findings);
        return new()
        {
            Settings = settings,
            Policies = policies.Policies.ToFrozenDictionary(policy => policy.Name),
            Guardrails = guardrails,
            IdentityProviders = providers,
            Admins = admins,
            // Not frozen: freezing a hundred thousand names takes longer than all look-ups save.
            Built = routes.ToDictionary(built => built.Route.Name, StringComparer.Ordinal),
            Routes = [.. routes.Select(built => built.Route)],
            Table = new RouteTable(routes.Select(built => built.Route)),
            Hash = HashOf(SettingsInForce.Digest(settings), context, providers, routes),
            SharedHash = HashOf(SettingsInForce.SharedDigest(settings), context, providers, routes),
            Problems = _findings.InOrder(),
        };
    }

    private List<Written<T>> Counting<T>(IReadOnlyList<ObjectSet> sources, Func<ObjectSet, IEnumerable<Written<T>>> objects, string noun, Func<string, ObjectSource?> holder) =>
        Ownership.Settle(sources.SelectMany(objects), noun, holder, _findings).Counting;

    private List<BuiltRoute> Routes(IReadOnlyList<ObjectSet> sources, BuildContext context)
    {
        var builder = new RouteBuilder(context);
        var (counting, late) = Ownership.Settle(sources.SelectMany(set => set.Routes()), "a route", name => previous?.RouteNamed(name)?.Source, _findings);
        var routes = counting.Select(builder.Build).OfType<BuiltRoute>().ToList();
        // Whoever comes late under a taken name still keeps others from its place.
        foreach (var (written, i) in late.Select((written, i) => (written, i)))
        {
            var match = new MatchBuilder(context.Settings.Url, new Findings()).Build(written.Value);
            if (match is not null && builder.Denying(written with { Name = $"{written.Name} (late {i + 1})" }, match, "") is { } denying) routes.Add(denying);
        }

        _findings.AddRange(builder.Problems);
        TellTwins(routes);
        return routes;
    }

    private void TellTwins(List<BuiltRoute> routes)
    {
        var first = new Dictionary<string, Route>(routes.Count);
        foreach (var route in routes.Where(built => !built.Faulty).Select(built => built.Route))
        {
            if (!first.TryAdd(route.Match.Key, route))
                _findings.Error("DW2048", $"The route «{route.Name}» matches the same requests as «{first[route.Match.Key].Name}», at {first[route.Match.Key].Place}, which answers them all.",
                    "Remove one of the two, or let them match different paths.", route.Place);
        }
    }

    private EffectivePolicy Admins(ConfigurationOptions settings, BuildContext context)
    {
        const string cure = "Write, for example: admins: { allow: { and: [ { email: { is: ada@example.com } } ] } }";
        if (settings.Admins is not { } choice)
        {
            _findings.Warn("DW2049", "Nobody may use the administration: there is no «admins».", cure, settings.Place);
            return EffectivePolicy.DenyAll;
        }

        var errors = _findings.Errors;
        var policies = context.Policies.Resolve(choice, "admins", i => settings.At(nameof(settings.Admins), i), preflight: false, _findings);
        if (policies is null || _findings.Errors != errors) return previous?.Admins ?? EffectivePolicy.DenyAll;
        var admins = context.Compiler.Compile(policies, []);
        if (admins.Policy.Rules.All(rule => rule.Denies))
            _findings.Warn("DW2049", "Nobody may use the administration: «admins» allows nothing.", cure, settings.At(nameof(settings.Admins)));
        if (!admins.Guarded)
            _findings.Error("DW2049", "«admins» lets strangers administer.", cure, settings.At(nameof(settings.Admins)));
        return admins.Guarded ? admins.Policy : EffectivePolicy.DenyAll;
    }

    private ObjectSource? PolicySource(string name) => previous?.Policies.GetValueOrDefault(name)?.Source;

    private ObjectSource? GuardrailSource(string name) => previous?.Guardrails.FirstOrDefault(guardrail => guardrail.Name == name)?.Source;

    private static string HashOf(string settings, BuildContext context, IReadOnlyList<IdentityProviderOptions> providers, List<BuiltRoute> routes)
    {
        var parts = new List<string?> { settings };
        parts.AddRange(context.Policies.Policies.OrderBy(policy => policy.Name, StringComparer.Ordinal).Select(policy => NodeDigest.Of(policy.Node, policy.Name)));
        parts.AddRange(context.Guardrails.Select(guardrail => guardrail.Digest));
        parts.AddRange(providers.Select(provider => NodeDigest.Of(Redaction.Of(provider.Node, typeof(IdentityProviderOptions)))));
        return NodeDigest.Of(null, [.. parts, DigestOf(routes)]);
    }

    // Apart from the other parts, because there may be a hundred thousand.
    private static string DigestOf(List<BuiltRoute> routes)
    {
        var text = new ArrayBufferWriter<byte>(32 * routes.Count + 1);
        foreach (var route in routes.Select(built => built.Route))
        {
            Encoding.UTF8.GetBytes(route.Name, text);
            var version = text.GetSpan(12);
            version[0] = 0;
            BinaryPrimitives.WriteInt64LittleEndian(version[1..], route.Version);
            text.Advance(1 + sizeof(long));
        }

        return Convert.ToHexStringLower(SHA256.HashData(text.WrittenSpan));
    }
}
