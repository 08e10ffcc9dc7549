using Doorward.Policy;
using Doorward.Policy.Syntax;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>
/// Whether anybody gets as far as a decision: to the server, past the TLS handshake, signed in. Warns only of what is so whatever stands
/// in front: where something else may end TLS, or pass a port on, nothing is said.
/// </summary>
internal static class ReachChecks
{
    private const int NamedHosts = 3;

    public static void Run(ConfigurationOptions settings, bool anyProvider, IReadOnlyList<BuiltRoute> built, Findings findings)
    {
        var routes = built.Where(route => !route.Faulty).Select(route => route.Route).ToList();
        if (!anyProvider && routes.Find(route => IsForPeople(route.Policy)) is { } asking)
            findings.Warn("DW2098", $"No person can sign in, and «{asking.Name}» asks who somebody is: there are no «identity_providers».",
                "Write «identity_providers»; without them only service accounts are known.", asking.Place);
        if (settings.TrustedProxies.Count == 0) Url(settings, findings);
        ServerCertificates(settings, routes, findings);
    }

    private static void Url(ConfigurationOptions settings, Findings findings)
    {
        var (listeners, place) = (settings.Listeners, settings.At(nameof(settings.Url)));
        if (settings.Url is not { } url || (listeners.Https ?? listeners.InsecureHttp) is null) return;
        if (url.Scheme == "http" && listeners.InsecureHttp is null)
            findings.Warn("DW2099", "«url» begins with http://, and pages are served only with TLS.", "Write https:// there, or the listener «insecure_http».", place);
        else if (url.Scheme == "https" && listeners.Https is null && listeners.InsecureHttp?.Port == url.Port)
            findings.Warn("DW2099", $"«url» begins with https://, and at its port «insecure_http» listens, without TLS.", "Write the listener «https» with «certificates»; where a proxy in front ends TLS, write that proxy under «trusted_proxies».", place);
        // Elsewhere a port may be passed on, as into a container; what listens on loopback is reached at its own port.
        else if (ProviderChecks.IsThisMachine(url.Host) && ListenerOf(url, listeners) is { Port: > 0, IsLoopback: true } here && here.Port != url.Port)
            findings.Warn("DW2099", $"«url» leads to port {url.Port} of this machine, and the server listens at {here}.", "Write the same port in both.", place);
    }

    private static ListenAddress? ListenerOf(Uri url, ListenerOptions listeners) => url.Scheme == "https" ? listeners.Https : listeners.InsecureHttp;

    // A name that no certificate is for ends the handshake, whoever asks. Without TLS here, another one shows the certificates.
    private static void ServerCertificates(ConfigurationOptions settings, List<Route> routes, Findings findings)
    {
        if (settings.Listeners is not { Https: not null, InsecureHttp: null } || settings.Certificates.Count == 0) return;
        var known = new HashSet<HostPattern>();
        foreach (var certificate in settings.Certificates)
        {
            // One that cannot be read has its own error, and may have been for any host.
            if (certificate.Cert is not { } file || Certificates.HostsOf(file.Content) is not { } hosts) return;
            known.UnionWith(hosts);
        }

        const string cure = "Get a certificate with that among its alternative names (a common name does not count), and write it under «certificates».";
        if (settings.Url is { Scheme: "https" } url && HostPattern.Parse(url.Host) is { } own && !IsKnown(own, known))
            findings.Warn("DW2100", $"No certificate is for «{own}», where people sign in: no browser gets there.", cure, settings.At(nameof(settings.Url)));
        var without = routes.Where(route => !IsKnown(route.Match.Host, known)).DistinctBy(route => route.Match.Host).ToList();
        if (without.Count == 0) return;
        var named = string.Join(", ", without.Take(NamedHosts).Select(route => $"«{route.Match.Host}»")) + (without.Count > NamedHosts ? $" and {without.Count - NamedHosts} more" : "");
        findings.Warn("DW2100", $"No certificate is for {named}: no client gets there.", cure, without[0].Place);
    }

    /// <summary>Whether it asks who somebody is, and no service account can be what any of its allow rules asks for.</summary>
    private static bool IsForPeople(EffectivePolicy policy) => policy.Reads.HasFlag(FactKinds.Session)
        && !policy.Rules.Where(rule => !rule.Denies).SelectMany(rule => rule.Syntax.Operations).Any(IsForMachines);

    private static bool IsForMachines(Operation operation) => operation.Operator switch
    {
        OperatorKind.And => operation.Criteria.All(one => IsForMachines(one, wanted: true)),
        OperatorKind.Or => operation.Criteria.Any(one => IsForMachines(one, wanted: true)),
        OperatorKind.Not => operation.Criteria.All(one => IsForMachines(one, wanted: false)),
        _ => operation.Criteria.Any(one => IsForMachines(one, wanted: false)),
    };

    // Of a service account nothing of this is known, so that its opposite is not true of it either; but that it is in no group.
    private static bool IsForMachines(Criterion criterion, bool wanted) => criterion switch
    {
        GroupsCriterion groups => !wanted || groups.Matcher.Tests.All(test => test.Operator == ListOperator.Exclude),
        EmailCriterion or DomainCriterion or ClaimCriterion or PersonCriterion or DeviceCriterion or DeviceAttributeCriterion => false,
        _ => true,
    };

    private static bool IsKnown(HostPattern host, HashSet<HostPattern> known) =>
        known.Contains(host)
        || (host.Kind == HostPatternKind.Exact
            ? host.Name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot && known.Contains(new(HostPatternKind.OneLabel, host.Name[(dot + 1)..]))
            : known.Any(host.Overlaps));
}
