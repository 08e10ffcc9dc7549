using System.Collections.Frozen;
using System.Globalization;
using Doorward.Policy;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>
/// Builds one route. Whatever is wrong with it, the result stands at its place and denies: were it dropped, a broader route could
/// answer in its stead.
/// </summary>
internal sealed class RouteBuilder(BuildContext context)
{
    private readonly Findings _findings = new();

    /// <summary>Everything that is wrong with the routes built so far.</summary>
    public IReadOnlyList<Problem> Problems => _findings.All;

    /// <summary>Builds the route.</summary>
    /// <returns>Null where it cannot be told what the route matches, and no route of its name was there before.</returns>
    public BuiltRoute? Build(Written<RouteOptions> written)
    {
        var options = written.Value;
        var last = context.Previous?.Built.GetValueOrDefault(written.Name);
        if (last is not { Faulty: false } || options.Faulty || last.Context != context.Text) last = null;
        // The same object comes from a file that was not read again; where it was, the text tells.
        var text = last is not null && ReferenceEquals(last.Options, options) && last.Route.Source == written.Source ? last.Text : TextOf(written);
        if (last?.Text == text)
        {
            _findings.AddRange(last.Warnings);
            return ReferenceEquals(last.Options, options) ? last : last with { Options = options };
        }

        var findings = new Findings();
        var built = Build(written, text, findings);
        _findings.AddRange(findings.All);
        return built;
    }

    private BuiltRoute? Build(Written<RouteOptions> written, string text, Findings findings)
    {
        var options = written.Value;
        var match = new MatchBuilder(context.Settings.Url, findings).Build(options);
        var action = new ActionBuilder(findings).Build(options);
        var headerBuilder = new HeaderBuilder(findings);
        var headers = headerBuilder.Build(options);
        var identity = headerBuilder.Identity(options, context.Settings.Compatibility);
        var policies = new RoutePolicies(context, findings);
        var policy = policies.Build(options, written.Name, match);
        var owners = policies.Owners(options, written.Name);
        CheckProvider(options, findings);
        CheckSignals(options, findings);
        var staleness = StalenessOf(options, findings);
        if (options.Faulty || findings.Errors > 0 || match is null || action is null) return Denying(written, match, text);
        return new(options, context.Text, text, Faulty: false, findings.All, NodeDigest.Keys(options), new Route
        {
            Name = written.Name,
            Place = written.Place,
            Source = written.Source,
            Match = match,
            Action = action,
            Policy = policy.Policy,
            Guarded = policy.Guarded,
            Owners = owners,
            Presentation = new(options.Name ?? written.Name, options.Description, options.LogoUrl?.ToString()),
            Labels = options.Labels.ToFrozenDictionary(),
            Identity = identity,
            Headers = headers,
            KeepEncodedSlashes = options.EncodedSlashes == EncodedSlashes.Keep,
            CorsAllowPreflight = options.CorsAllowPreflight,
            ShowErrorDetails = options.ShowErrorDetails,
            IdentityProvider = options.IdentityProvider,
            Staleness = staleness,
            RequiredSignals = options.RequireSignals,
            Version = VersionOf(options, policy.Policy, owners),
        });
    }

    /// <summary>A route that stands at the place of a wrong one and denies.</summary>
    public BuiltRoute? Denying(Written<RouteOptions> written, RouteMatch? match, string text)
    {
        match ??= context.Previous?.Built.GetValueOrDefault(written.Name)?.Route.Match;
        if (match is null) return null;
        return new(written.Value, context.Text, text, Faulty: true, [], NodeDigest.Keys(written.Value), new Route
        {
            Name = written.Name,
            Place = written.Place,
            Source = written.Source,
            Match = match,
            Action = new ResponseAction(403, ""),
            Policy = EffectivePolicy.DenyAll,
            Guarded = true,
            Presentation = new(written.Name),
            Labels = written.Value.Labels.ToFrozenDictionary(),
            Version = VersionOf(written.Value, EffectivePolicy.DenyAll, null),
        });
    }

    private void CheckProvider(RouteOptions options, Findings findings)
    {
        if (options.IdentityProvider is not { } name || context.Providers.Contains(name)) return;
        findings.Error("DW2042", $"There is no identity provider «{name}».", Suggestion.Nearest(name, context.Providers) is { } nearest
            ? $"Did you mean «{nearest}»?" : "Write it under «identity_providers», or remove the key.", options.At(nameof(options.IdentityProvider)));
    }

    private void CheckSignals(RouteOptions options, Findings findings)
    {
        for (var i = 0; i < options.RequireSignals.Count; i++)
        {
            var name = options.RequireSignals[i];
            if (context.Settings.Signals.FirstOrDefault(one => one.Name == name) is not { } transmitter)
                findings.Error("DW2094", $"There is no transmitter of signals «{name}».", Suggestion.Nearest(name, context.Settings.Signals.Select(one => one.Name)) is { } nearest
                    ? $"Did you mean «{nearest}»?" : "Write it under «signals», or remove it here.", options.At(nameof(options.RequireSignals), i));
            else if (transmitter.Patience is null)
                findings.Warn("DW2095", $"Nobody watches whether «{name}» is silent, so the route refuses only where it says itself that it is paused.", "Write «verification» or «silent_after» of the transmitter.", options.At(nameof(options.RequireSignals), i));
        }
    }

    private Staleness StalenessOf(RouteOptions options, Findings findings)
    {
        var server = context.Settings.Staleness;
        var limit = options.Staleness?.Limit ?? server.Limit;
        if (limit > server.Max)
            findings.Error("DW2060", "The route's «staleness.limit» is above the server's «staleness.max».", "Lower it, or raise «staleness.max».", options.At(nameof(options.Staleness)));
        return new(limit, options.Staleness?.Grace ?? server.Grace);
    }

    // The place is part of it: rules carry places, and an explanation must not point at another line.
    private static string TextOf(Written<RouteOptions> written)
    {
        var options = written.Value;
        return NodeDigest.AsWritten(options.Node, written.Place.ToString(), written.Source.ToString(),
            options.TlsCustomCa?.Value, options.TlsClientCert?.Value, options.TlsClientKey?.Value);
    }

    // The same on every node and after every restart, and only for the same behaviour.
    private long VersionOf(RouteOptions options, EffectivePolicy policy, EffectivePolicy? owners) =>
        long.Parse(NodeDigest.Of(options.Node, policy.Digest, owners?.Digest, context.Settings.Compatibility.ToString(),
            options.TlsCustomCa?.Value, options.TlsClientCert?.Value, options.TlsClientKey?.Value).AsSpan(0, 15), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
