using Doorward.Policy;
using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Who may pass a route: its policies or shorthands, and the guardrails that select it.</summary>
internal sealed class RoutePolicies(BuildContext context, Findings findings)
{
    public CompiledPolicy Build(RouteOptions options, string name, RouteMatch? match)
    {
        if (match is null || Own(options, name) is not { } policies) return CompiledPolicy.DenyAll;
        var guardrails = context.Guardrails.Where(guardrail => guardrail.Selects(match.Host, options.Labels)).SelectMany(guardrail => guardrail.Policies);
        if (ClientCertificates.For(context.Settings.DownstreamMtls, match.Host) is { Ca: not null, Enforcement: Enforcement.PolicyWithDefaultDeny })
            guardrails = guardrails.Append(context.CertificateRequired);
        return context.Compiler.Compile(policies, [.. guardrails]);
    }

    public EffectivePolicy? Owners(RouteOptions options, string name)
    {
        if (options.Owners is not { } owners) return null;
        var found = context.Policies.Resolve(owners, $"owners of {name}", i => options.At(nameof(options.Owners), i), preflight: false, findings);
        return found is null ? EffectivePolicy.DenyAll : context.Compiler.Compile(found, []).Policy;
    }

    private IReadOnlyList<ParsedPolicy>? Own(RouteOptions options, string name)
    {
        var shorthands = Shorthands.Written(options);
        if (options.Policy is { } policy)
        {
            if (shorthands.Count > 0)
                findings.Error("DW2043", $"The route has a policy, and «{shorthands[0]}» besides.", "Say it in the policy, or remove the policy.", options.At(nameof(options.Policy)));
            return context.Policies.Resolve(policy, name, i => options.At(nameof(options.Policy), i), options.CorsAllowPreflight, findings);
        }

        if (options.FaultyKeys.Contains("policy")) return null;
        Shorthands.Check(options, shorthands, findings);
        if (Shorthands.ToPolicy(options) is { } node) return PolicyBook.Parse(name, node, findings) is { } parsed ? [parsed] : null;
        findings.Warn("DW2044", $"Nobody can pass «{name}»: it has no policy.", "Write «policy», or a shorthand such as «allow_any_authenticated_user».", options.Place);
        return null;
    }
}

/// <summary>The client certificate settings that hold for a host.</summary>
internal static class ClientCertificates
{
    public static ClientCertificateOptions For(MutualTlsOptions options, HostPattern host) =>
        options.Hosts.FirstOrDefault(own => own.Hosts.Any(pattern => HostPattern.Parse(pattern) == host))
        ?? options.Hosts.FirstOrDefault(own => own.Hosts.Any(pattern => HostPattern.Parse(pattern)?.Overlaps(host) == true))
        ?? (ClientCertificateOptions)options;
}
