using Doorward.Policy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>What all routes of one configuration are built against.</summary>
/// <param name="Settings">The options that are no objects of their own.</param>
/// <param name="Policies">The named policies.</param>
/// <param name="Guardrails">The guardrails.</param>
/// <param name="Providers">The names of the identity providers.</param>
/// <param name="Previous">The configuration in force; null at start.</param>
internal sealed record BuildContext(
    ConfigurationOptions Settings,
    PolicyBook Policies,
    IReadOnlyList<Guardrail> Guardrails,
    IReadOnlySet<string> Providers,
    Configuration? Previous)
{
    public PolicyCompiler Compiler { get; } = new();

    /// <summary>Tells whether anything that every route depends on changed.</summary>
    public string Text { get; } = NodeDigest.AsWritten(Settings.DownstreamMtls.Node,
    [
        Settings.Url?.ToString(), Settings.Compatibility.ToString(), Settings.Staleness.Limit.ToString(), Settings.Staleness.Grace.ToString(), Settings.Staleness.Max.ToString(), .. Providers.Order(StringComparer.Ordinal), "signals", .. Settings.Signals.Select(one => $"{one.Name} {one.Patience}"), "policies",
        .. Policies.Policies.Select(policy => policy.Text), "guardrails", .. Guardrails.Select(guardrail => guardrail.Text),
    ]);

    /// <summary>Denies a client without a valid certificate, on hosts where that is the rule.</summary>
    public ParsedPolicy CertificateRequired { get; } = PolicyBook.Parse("downstream_mtls",
        DocumentText.Read("deny: { or: [ { invalid_client_certificate: true } ] }", "downstream_mtls", [])!, new Findings())!;
}
