using System.Globalization;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Printing;

/// <summary>Prints rules and criteria. Operators and comparisons are in the order of their enums already.</summary>
internal sealed class PolicyPrinter
{
    private readonly JsonText _json = new();
    private readonly MatcherPrinter _matchers;

    public PolicyPrinter() => _matchers = new MatcherPrinter(_json);

    public override string ToString() => _json.ToString();

    public void Policy(PolicySyntax policy)
    {
        _json.Open('[');
        foreach (var rule in policy.Rules)
        {
            _json.Open('{');
            _json.Key(rule.Action == RuleAction.Allow ? "allow" : "deny");
            _json.Open('{');
            foreach (var operation in rule.Operations)
            {
                _json.Key(operation.Operator switch { OperatorKind.And => "and", OperatorKind.Or => "or", OperatorKind.Not => "not", _ => "nor" });
                _json.Open('[');
                foreach (var criterion in operation.Criteria) Criterion(criterion);
                _json.Close(']');
            }

            _json.Close('}');
            _json.Close('}');
        }

        _json.Close(']');
    }

    public void Criterion(Criterion criterion)
    {
        _json.Open('{');
        _json.Key(criterion.Key);
        switch (criterion)
        {
            case UserCriterion user: _matchers.Text(user.Matcher); break;
            case EmailCriterion email: _matchers.Text(email.Matcher); break;
            case DomainCriterion domain: _matchers.Text(domain.Matcher); break;
            case GroupsCriterion groups: _matchers.List(groups.Matcher); break;
            case ClaimCriterion claim: _matchers.Value(claim.Matcher); break;
            case PersonCriterion person: _matchers.Value(person.Matcher); break;
            case DeviceAttributeCriterion attribute: _matchers.Value(attribute.Matcher); break;
            case HttpMethodCriterion method: _matchers.Text(method.Matcher); break;
            case HttpPathCriterion path: _matchers.Text(path.Matcher); break;
            case HttpHostCriterion host: _matchers.Text(host.Matcher); break;
            case HttpHeaderCriterion header: _matchers.Value(header.Matcher); break;
            case HttpQueryCriterion query: _matchers.Value(query.Matcher); break;
            case McpToolCriterion tool: _matchers.Text(tool.Matcher); break;
            case SshUsernameCriterion username: _matchers.Text(username.Matcher); break;
            case SshUsernameMatchesClaimCriterion username: _json.Text(username.Claim); break;
            case SshPublicKeyCriterion key: _matchers.Texts(key.Keys); break;
            case SshAuthorityCriterion authority: _matchers.Texts(authority.Keys); break;
            case SourceIpCriterion source: _matchers.Texts(source.Networks.Select(network => network.ToString())); break;
            case KubernetesCriterion kubernetes: _matchers.Text(kubernetes.Matcher); break;
            case KubernetesExecClassCriterion exec: _matchers.Boolean(exec.Is); break;
            default: Fields(criterion); break;
        }

        _json.Close('}');
    }

    private void Fields(Criterion criterion)
    {
        switch (criterion)
        {
            case DeviceCriterion device:
                Fields(("type", () => _json.Text(device.Type)), ("is", device.Id is { } id ? () => _json.Text(id) : null), ("approved", device.Approved is { } approved ? () => _matchers.Boolean(approved) : null));
                break;
            case RiskCriterion risk:
                Fields(("under", () => _json.Text(risk.Under.ToString().ToLowerInvariant())));
                break;
            case RecordCriterion record:
                Fields(("field", () => _json.Text(record.Field)), ("matcher", () => _matchers.Value(record.Matcher)));
                break;
            case ClientCertificateCriterion certificate:
                Fields(
                    ("fingerprint", certificate.Fingerprints is { } fingerprints ? () => _matchers.Texts(fingerprints) : null),
                    ("spki_hash", certificate.SpkiHashes is { } hashes ? () => _matchers.Texts(hashes) : null),
                    ("san_email", certificate.SanEmail is { } email ? () => _matchers.Text(email) : null),
                    ("san_dns", certificate.SanDns is { } dns ? () => _matchers.Text(dns) : null),
                    ("san_uri", certificate.SanUri is { } uri ? () => _matchers.Text(uri) : null));
                break;
            case DateCriterion date:
                Fields(("after", Instant(date.After)), ("before", Instant(date.Before)));
                break;
            case DayOfWeekCriterion day:
                Fields(("days", () => _json.Text(string.Join(',', day.Days.Select(name => name.ToString()[..3].ToLowerInvariant())))), ("timezone", () => _json.Text(day.Zone.Id)));
                break;
            case TimeOfDayCriterion time:
                Fields(("after", Time(time.After)), ("before", Time(time.Before)), ("timezone", () => _json.Text(time.Zone.Id)));
                break;
            case SessionAgeCriterion age:
                Fields(("under", () => _json.Text(Durations.Print(age.Under))));
                break;
            case AuthenticationCriterion authentication:
                Fields(
                    ("acr", authentication.Acr is { } acr ? () => _matchers.Text(acr) : null),
                    ("amr", authentication.Amr is { } amr ? () => _matchers.List(amr) : null),
                    ("provider", authentication.Provider is { } provider ? () => _matchers.Text(provider) : null));
                break;
            default:
                _matchers.Boolean(true);
                break;
        }
    }

    private void Fields(params ReadOnlySpan<(string Name, Action? Value)> fields)
    {
        _json.Open('{');
        foreach (var (name, value) in fields)
        {
            if (value is null) continue;
            _json.Key(name);
            value();
        }

        _json.Close('}');
    }

    private Action? Instant(DateTimeOffset? instant) => instant is { } value ? () => _matchers.Instant(value) : null;

    private Action? Time(TimeOnly? time) => time is { } value ? () => _json.Text(value.ToString("HH:mm:ss", CultureInfo.InvariantCulture)) : null;
}
