using Doorward.Policy.Syntax;
using static Doorward.Policy.Tests.Naive.NaiveMatchers;

namespace Doorward.Policy.Tests.Naive;

/// <summary>What each criterion says, and why.</summary>
internal static class NaiveCriteria
{
    public static SessionFacts? SessionOf(Facts facts) => facts.Session is { } session && !(session.Expires <= facts.Now) ? session : null;

    public static Verdict Judge(Criterion criterion, Facts facts)
    {
        var session = SessionOf(facts);
        if (criterion.AboutPerson && session is null && !(criterion is RecordCriterion record && FieldOf(record, facts) is not null))
            return new(Truth.Unknown, [Reason.UserUnauthenticated], Remedies.SignIn);
        return criterion switch
        {
            AcceptCriterion => Verdict.Of(Truth.True, Reason.Accept),
            RejectCriterion => Verdict.Of(Truth.False, Reason.Reject),
            AuthenticatedUserCriterion => Verdict.Of(Truth.True, Reason.UserOk),
            CorsPreflightCriterion => Give(Of(facts.Request is { } request ? IsPreflight(request) : null), Reason.CorsRequest, Reason.NonCorsRequest),
            McpToolCriterion tool => JudgeTool(tool, facts.Mcp),
            InvalidClientCertificateCriterion => facts.Certificate switch
            {
                null => Verdict.Of(Truth.True, Reason.ClientCertificateRequired),
                { Valid: false } => Verdict.Of(Truth.True, Reason.InvalidClientCertificate),
                _ => Verdict.Of(Truth.False, Reason.ValidClientCertificate),
            },
            DeviceCriterion or DeviceAttributeCriterion => JudgeDevice(criterion, facts.Device),
            SessionAgeCriterion age => Curable(facts.Now < session!.AuthTime + age.Under, Remedies.FreshSignIn, Reason.SessionAgeOk, Reason.SessionAgeUnauthorized),
            AuthenticationCriterion how => JudgeAuthentication(how, session!),
            _ => JudgePlain(criterion, facts, session),
        };
    }

    private static Verdict JudgePlain(Criterion criterion, Facts facts, SessionFacts? session) => criterion switch
    {
        UserCriterion user => Give(Text(user.Matcher, facts.Person?.Id), Reason.UserOk, Reason.UserUnauthorized),
        EmailCriterion email => Give(NaiveEmail.Judge(email.Matcher, facts.Person), Reason.EmailOk, Reason.EmailUnauthorized),
        DomainCriterion domain => Give(NaiveEmail.JudgeDomain(domain.Matcher, facts.Person), Reason.DomainOk, Reason.DomainUnauthorized),
        GroupsCriterion groups => Give(Of(facts.Person?.Groups is { } list ? NaiveGroups.Matches(groups.Matcher, list) : null), Reason.GroupsOk, Reason.GroupsUnauthorized),
        ClaimCriterion claim => Give(Matches(claim.Matcher, ClaimOf(claim.Path, session!)), Reason.ClaimOk, Reason.ClaimUnauthorized),
        PersonCriterion person => Give(Matches(person.Matcher, Find(facts.Person?.Attributes, person.Attribute)), Reason.PersonOk, Reason.PersonUnauthorized),
        RiskCriterion risk => Give(JudgeRisk(risk.Under, facts.Risk), Reason.RiskOk, Reason.RiskUnauthorized),
        RecordCriterion record => Give(Matches(record.Matcher, FieldOf(record, facts)), Reason.RecordOk, Reason.RecordUnauthorized),
        HttpMethodCriterion method => Give(Text(method.Matcher, facts.Request?.Method), Reason.HttpMethodOk, Reason.HttpMethodUnauthorized),
        HttpPathCriterion path => Give(Text(path.Matcher, facts.Request?.Path), Reason.HttpPathOk, Reason.HttpPathUnauthorized),
        HttpHostCriterion host => Give(Text(NaiveEmail.Lower(host.Matcher), NaiveEmail.Lower(facts.Request?.Host)), Reason.HttpHostOk, Reason.HttpHostUnauthorized),
        HttpHeaderCriterion header => Give(Matches(header.Matcher, ListOf(facts.Request?.Header, header.Name)), Reason.HttpHeaderOk, Reason.HttpHeaderUnauthorized),
        HttpQueryCriterion query => Give(Matches(query.Matcher, ListOf(facts.Request?.Query, query.Name)), Reason.HttpQueryOk, Reason.HttpQueryUnauthorized),
        SourceIpCriterion ip => Give(Of(facts.SourceIp is { } address ? ip.Networks.Any(network => NaiveNetworks.Holds(network, address)) : null), Reason.SourceIpOk, Reason.SourceIpUnauthorized),
        ClientCertificateCriterion shown => Give(NaiveNetworks.Judge(shown, facts.Certificate), Reason.ClientCertificateOk, Reason.ClientCertificateUnauthorized),
        KubernetesCriterion part => Give(Text(part.Matcher, PartOf(facts.Kubernetes, part.Field)), Reason.KubernetesOk, Reason.KubernetesUnauthorized),
        KubernetesExecClassCriterion exec => Give(Of(facts.Kubernetes is { } call ? IsExec(call) == exec.Is : null), Reason.KubernetesOk, Reason.KubernetesUnauthorized),
        DateCriterion date => Give(Of(NaiveTime.Holds(date, facts.Now)), Reason.DateOk, Reason.DateUnauthorized),
        DayOfWeekCriterion day => Give(Of(NaiveTime.Holds(day, facts.Now)), Reason.DayOfWeekOk, Reason.DayOfWeekUnauthorized),
        TimeOfDayCriterion time => Give(Of(NaiveTime.Holds(time, facts.Now)), Reason.TimeOfDayOk, Reason.TimeOfDayUnauthorized),
        _ => NaiveSsh.Judge(criterion, facts, session),
    };

    public static Verdict Give(Truth truth, Reason ok, Reason unauthorized) => Verdict.Of(truth, truth == Truth.True ? ok : unauthorized);

    public static Truth Text(StringMatcher matcher, string? value) => Of(value is null ? null : Matches(matcher, value));

    public static FactValue? ClaimOf(string path, SessionFacts session) => Find(session.Claims, path) ?? Find(session.Claims, path.Replace('.', '/'));

    private static FactValue? Find(IReadOnlyDictionary<string, FactValue>? fields, string name) =>
        fields is not null && fields.TryGetValue(name, out var value) ? value : null;

    private static FactValue? FieldOf(RecordCriterion record, Facts facts) =>
        facts.Records is not null && facts.Records.TryGetValue(record.Type, out var fields) ? Find(fields, record.Field) : null;

    private static FactValue? ListOf(Func<string, IReadOnlyList<string>>? values, string name) => values is null ? null : new FactValue(values(name));

    private static bool IsPreflight(RequestFacts request) =>
        request.Method == "OPTIONS" && request.Header("Access-Control-Request-Method").Count > 0 && request.Header("Origin").Count > 0;

    private static Verdict JudgeTool(McpToolCriterion criterion, McpFacts? mcp) => mcp switch
    {
        null => Verdict.Of(Truth.Unknown, Reason.McpNotAToolCall),
        { Method: not "tools/call" } => Verdict.Of(Truth.False, Reason.McpNotAToolCall),
        _ => Give(Text(criterion.Matcher, mcp.Tool), Reason.McpToolMatch, Reason.McpToolNoMatch),
    };

    private static Verdict JudgeDevice(Criterion criterion, DeviceFacts? device)
    {
        if (device is null || (criterion is DeviceCriterion { Type: var type } && !(type == "any" ? device.Types.Count > 0 : device.Types.Contains(type))))
            return new(Truth.Unknown, [Reason.DeviceUnauthenticated], Remedies.Device);
        return Give(
            criterion switch
            {
                DeviceCriterion shown => Min([Of(shown.Id is null || shown.Id == device.Id), shown.Approved is null ? Truth.True : Of(device.Approved is null ? null : device.Approved == shown.Approved)]),
                DeviceAttributeCriterion { Attribute: "compliant" } of => Matches(of.Matcher, device.Compliant is { } compliant ? new FactValue(compliant) : null),
                DeviceAttributeCriterion { Attribute: "approved" } of => Matches(of.Matcher, device.Approved is { } approved ? new FactValue(approved) : null),
                var of => Matches(((DeviceAttributeCriterion)of).Matcher, Find(device.Attributes, ((DeviceAttributeCriterion)of).Attribute)),
            },
            Reason.DeviceOk, Reason.DeviceUnauthorized);
    }

    private static Verdict Curable(bool holds, Remedies remedy, Reason ok, Reason unauthorized) =>
        holds ? Verdict.Of(Truth.True, ok) : new(Truth.Unknown, [unauthorized], remedy);

    private static Verdict JudgeAuthentication(AuthenticationCriterion how, SessionFacts session)
    {
        var parts = new List<Verdict>();
        if (how.Provider is not null) parts.Add(Give(Text(how.Provider, session.Provider), Reason.AuthenticationOk, Reason.AuthenticationUnauthorized));
        if (how.Acr is not null) parts.Add(Strong(session.Acr is not null && Matches(how.Acr, session.Acr)));
        if (how.Amr is not null) parts.Add(Strong(session.Amr is not null && Matches(how.Amr, session.Amr)));
        return Verdict.And(parts);

        static Verdict Strong(bool holds) => Curable(holds, Remedies.StrongerAuthentication, Reason.AuthenticationOk, Reason.AuthenticationUnauthorized);
    }

    private static Truth JudgeRisk(RiskLevel under, RiskFacts? risk)
    {
        var told = new[] { risk?.Person, risk?.Session, risk?.Device }.OfType<RiskLevel>().ToList();
        return told.Any(level => level >= under) ? Truth.False : told.Count > 0 ? Truth.True : Truth.Unknown;
    }

    private static string? PartOf(KubernetesFacts? call, KubernetesField field) => field switch
    {
        KubernetesField.Verb => call?.Verb,
        KubernetesField.Group => call?.Group,
        KubernetesField.Resource => call?.Resource,
        KubernetesField.Subresource => call?.Subresource,
        KubernetesField.Namespace => call?.Namespace,
        _ => call?.Name,
    };

    private static bool IsExec(KubernetesFacts call) =>
        call.Verb == "proxy" || call.Subresource is "exec" or "attach" or "portforward" or "ephemeralcontainers" or "proxy";
}
