using Doorward.Server.Routes.Matching;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Building;

/// <summary>Builds guardrails. In place of a wrong one the last good one of its name stays.</summary>
internal sealed class GuardrailBuilder(PolicyBook policies, Configuration? previous, Findings findings)
{
    public Guardrail? Build(Written<GuardrailOptions> written)
    {
        var options = written.Value;
        var errors = findings.Errors;
        if (options is { Hosts.Count: 0, Labels.Count: 0, Faulty: false })
            findings.Error("DW2046", $"The guardrail «{written.Name}» selects nothing.", "Write «hosts» or «labels»; hosts: [\"*\"] selects every route.", written.Place);
        var hosts = new List<HostPattern>();
        for (var i = 0; i < options.Hosts.Count; i++)
        {
            if (HostPattern.Parse(options.Hosts[i], HostPatternKind.Suffix) is { } host) hosts.Add(host);
            else findings.Error("DW2047", $"«{options.Hosts[i]}» is no host name.", "Write app.example.com, *.example.com or *.", options.At(nameof(options.Hosts), i));
        }

        var rules = options.Policy is { } policy
            ? policies.ResolveGuardrail(policy, written.Name, i => options.At(nameof(options.Policy), i), findings)
            : null;
        var before = previous?.Guardrails.FirstOrDefault(guardrail => guardrail.Name == written.Name);
        if (rules is null || options.Faulty || findings.Errors != errors) return before;
        var text = NodeDigest.AsWritten(options.Node, [written.Place.ToString(), .. rules.Select(rule => policies.TextOf(rule.Name))]);
        return before is not null && before.Text == text ? before : new(written.Name, written.Source, written.Place, text, NodeDigest.Of(options.Node), hosts, options.Labels, rules);
    }
}
