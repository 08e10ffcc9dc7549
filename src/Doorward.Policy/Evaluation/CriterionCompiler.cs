using Doorward.Policy.Syntax;

namespace Doorward.Policy.Evaluation;

/// <summary>Turns a criterion into its evaluator.</summary>
internal static class CriterionCompiler
{
    public static Evaluator Compile(Criterion criterion) => criterion switch
    {
        AcceptCriterion => new ConstantEvaluator(true, Reason.Accept),
        RejectCriterion => new ConstantEvaluator(false, Reason.Reject),
        AuthenticatedUserCriterion => new SignedInEvaluator(),
        UserCriterion user => new TextEvaluator(static (in Known known) => known.Person?.Id, new(user.Matcher), Reason.UserOk, Reason.UserUnauthorized, aboutPerson: true),
        EmailCriterion email => new TextEvaluator(static (in Known known) => PersonFactsReader.Email(known, out _), new(email.Matcher, Folding.Domain), Reason.EmailOk, Reason.EmailUnauthorized, aboutPerson: true),
        DomainCriterion domain => new DomainEvaluator(new(domain.Matcher, Folding.All)),
        GroupsCriterion groups => new GroupsEvaluator(groups.Matcher),
        ClaimCriterion claim => new ValueEvaluator(PersonFactsReader.Claim(claim.Path), claim.Matcher, Reason.ClaimOk, Reason.ClaimUnauthorized, aboutPerson: true),
        PersonCriterion person => Person(person),
        RiskCriterion risk => new RiskEvaluator(risk.Under),
        RecordCriterion record => new RecordEvaluator(record.Type, record.Field, record.Matcher),
        DeviceCriterion device => new DeviceEvaluator(device),
        DeviceAttributeCriterion device => DeviceAttribute(device),
        HttpMethodCriterion method => new TextEvaluator(static (in Known known) => known.Facts.Request?.Method, new(method.Matcher), Reason.HttpMethodOk, Reason.HttpMethodUnauthorized),
        HttpPathCriterion path => new TextEvaluator(static (in Known known) => known.Facts.Request?.Path, new(path.Matcher), Reason.HttpPathOk, Reason.HttpPathUnauthorized),
        HttpHostCriterion host => new TextEvaluator(static (in Known known) => known.Facts.Request?.Host, new(host.Matcher, Folding.All), Reason.HttpHostOk, Reason.HttpHostUnauthorized),
        HttpHeaderCriterion header => Header(header),
        HttpQueryCriterion query => Query(query),
        CorsPreflightCriterion => new CorsPreflightEvaluator(),
        McpToolCriterion tool => new McpToolEvaluator(new(tool.Matcher)),
        SourceIpCriterion source => new SourceIpEvaluator(source.Networks),
        ClientCertificateCriterion certificate => new ClientCertificateEvaluator(certificate),
        InvalidClientCertificateCriterion => new InvalidCertificateEvaluator(),
        SshPublicKeyCriterion key => new SshPublicKeyEvaluator(key.Keys),
        SshAuthorityCriterion authority => new SshAuthorityEvaluator(authority.Keys),
        SshUsernameCriterion username => new TextEvaluator(static (in Known known) => known.Facts.Ssh?.Username, new(username.Matcher), Reason.SshUsernameOk, Reason.SshUsernameUnauthorized),
        SshUsernameMatchesEmailCriterion => new SshUsernameMatchesEmailEvaluator(),
        SshUsernameMatchesClaimCriterion claim => new SshUsernameMatchesClaimEvaluator(claim.Claim),
        DateCriterion date => new DateEvaluator(date),
        DayOfWeekCriterion day => new WallClockEvaluator(new DayOfWeekClock(day.Days, day.Zone), Reason.DayOfWeekOk, Reason.DayOfWeekUnauthorized),
        TimeOfDayCriterion time => new WallClockEvaluator(new TimeOfDayClock(time.After, time.Before, time.Zone), Reason.TimeOfDayOk, Reason.TimeOfDayUnauthorized),
        SessionAgeCriterion age => new SessionAgeEvaluator(age.Under),
        AuthenticationCriterion authentication => new AuthenticationEvaluator(authentication),
        KubernetesExecClassCriterion exec => new ExecClassEvaluator(exec.Is),
        KubernetesCriterion kubernetes => new TextEvaluator(Kubernetes(kubernetes.Field), new(kubernetes.Matcher), Reason.KubernetesOk, Reason.KubernetesUnauthorized),
        _ => throw new ArgumentException($"A criterion of another kind: {criterion.GetType().Name}.", nameof(criterion)),
    };

    private static ValueEvaluator Person(PersonCriterion criterion)
    {
        var attribute = criterion.Attribute;
        return new ValueEvaluator(
            (in Known known) => known.Person is { } person && person.Attributes.TryGetValue(attribute, out var value) ? value.Value : null,
            criterion.Matcher,
            Reason.PersonOk,
            Reason.PersonUnauthorized,
            aboutPerson: true);
    }

    private static Evaluator DeviceAttribute(DeviceAttributeCriterion criterion) => (criterion.Attribute, criterion.Matcher.Boolean) switch
    {
        ("compliant", { } expected) => new DeviceFlagEvaluator(static device => device.Compliant, expected),
        ("approved", { } expected) => new DeviceFlagEvaluator(static device => device.Approved, expected),
        _ => new DeviceAttributeEvaluator(criterion.Attribute, criterion.Matcher),
    };

    private static ValueEvaluator Header(HttpHeaderCriterion criterion)
    {
        var name = criterion.Name;
        return new ValueEvaluator((in Known known) => known.Facts.Request?.Header(name), criterion.Matcher, Reason.HttpHeaderOk, Reason.HttpHeaderUnauthorized);
    }

    private static ValueEvaluator Query(HttpQueryCriterion criterion)
    {
        var name = criterion.Name;
        return new ValueEvaluator((in Known known) => known.Facts.Request?.Query(name), criterion.Matcher, Reason.HttpQueryOk, Reason.HttpQueryUnauthorized);
    }

    private static TextFact Kubernetes(KubernetesField field) => field switch
    {
        KubernetesField.Verb => static (in Known known) => known.Facts.Kubernetes?.Verb,
        KubernetesField.Group => static (in Known known) => known.Facts.Kubernetes?.Group,
        KubernetesField.Resource => static (in Known known) => known.Facts.Kubernetes?.Resource,
        KubernetesField.Subresource => static (in Known known) => known.Facts.Kubernetes?.Subresource,
        KubernetesField.Namespace => static (in Known known) => known.Facts.Kubernetes?.Namespace,
        _ => static (in Known known) => known.Facts.Kubernetes?.Name,
    };
}
