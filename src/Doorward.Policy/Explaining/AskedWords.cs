using System.Globalization;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>
/// What a criterion asks for, as the end of a sentence. Never an operand that could be another person's (addresses, ids, keys, fingerprints) or
/// that tells what is protected elsewhere (paths, networks, values of claims, headers, attributes and records).
/// </summary>
internal static class AskedWords
{
    public static string Of(Criterion criterion) => criterion switch
    {
        AcceptCriterion => "nothing: it always holds",
        RejectCriterion => "what never holds",
        AuthenticatedUserCriterion => "you are signed in",
        UserCriterion => "you are one of the people it names",
        EmailCriterion => "your e-mail address is one it names",
        DomainCriterion domain => TextsAsked.Of(domain.Matcher) is { } domains ? $"your e-mail address is in the domain {domains}" : "your e-mail address is in a domain it names",
        GroupsCriterion groups => string.Join(", and ", groups.Matcher.Tests.Select(Groups)),
        ClaimCriterion claim => $"your claim {Wording.Quote(claim.Path)} is as it asks",
        PersonCriterion person => $"your {Wording.Quote(person.Attribute)} in the directory is as it asks",
        RiskCriterion risk => $"the risk told of you is under {risk.Under.ToString().ToLowerInvariant()}",
        RecordCriterion record => $"the {Wording.Quote(record.Field)} in the record {Wording.Quote(record.Type)} is as it asks",
        DeviceCriterion device => Device(device),
        DeviceAttributeCriterion { Attribute: "compliant", Matcher.Boolean: { } compliant } => compliant ? "your device complies" : "your device does not comply",
        DeviceAttributeCriterion { Attribute: "approved", Matcher.Boolean: { } approved } => approved ? "your device is approved" : "your device is not approved",
        DeviceAttributeCriterion device => $"the {Wording.Quote(device.Attribute)} of your device is as it asks",
        HttpMethodCriterion method => TextsAsked.Of(method.Matcher) is { } methods ? $"the method is {methods}" : "the method is one it names",
        HttpPathCriterion => "the path is one it names",
        HttpHostCriterion => "the host is one it names",
        HttpHeaderCriterion header => $"the header {Wording.Quote(header.Name)} is as it asks",
        HttpQueryCriterion query => $"the query parameter {Wording.Quote(query.Name)} is as it asks",
        CorsPreflightCriterion => "the request is a CORS preflight",
        McpToolCriterion => "the tool called is one it names",
        SourceIpCriterion => "you come from a network it names",
        ClientCertificateCriterion => "your client certificate is one it names",
        InvalidClientCertificateCriterion => "no valid client certificate is shown",
        SshPublicKeyCriterion => "your SSH key is one it names",
        SshAuthorityCriterion => "your SSH certificate is signed for you by an authority it names",
        SshUsernameCriterion => "the SSH user name is one it names",
        SshUsernameMatchesEmailCriterion => "the SSH user name is the part of your e-mail address before the «@»",
        SshUsernameMatchesClaimCriterion claim => $"the SSH user name is in your claim {Wording.Quote(claim.Claim)}",
        DateCriterion date => Date(date),
        DayOfWeekCriterion day => $"it is {Days(day)} in {day.Zone.Id}",
        TimeOfDayCriterion time => TimeOfDay(time),
        SessionAgeCriterion age => $"you signed in less than {Durations.Print(age.Under)} ago",
        AuthenticationCriterion authentication => Authentication(authentication),
        KubernetesExecClassCriterion exec => exec.Is ? "the request opens a way into a pod, node or service" : "the request opens no way into a pod, node or service",
        KubernetesCriterion kubernetes => Kubernetes(kubernetes),
        _ => "what it asks",
    };

    private static string Groups(ListTest test)
    {
        var (named, none) = test.Operator switch
        {
            ListOperator.Has => (TextsAsked.Of(test.Element), "you are in a group it names"),
            ListOperator.HasAny => (TextsAsked.Quote(test.Operands, "or"), "you are in a group it names"),
            ListOperator.HasAll => (TextsAsked.Quote(test.Operands, "and"), "you are in all groups it names"),
            ListOperator.Is => (TextsAsked.Of(test.Element), "you are in one group only, which it names"),
            _ => (TextsAsked.Of(test.Element), "you are in no group it names"),
        };
        return (named, test.Operator) switch
        {
            (null, _) => none,
            (_, ListOperator.Is) => $"you are in no group but {named}",
            (_, ListOperator.Exclude) => $"you are not in the group {named}",
            (_, ListOperator.HasAll) when test.Operands.Count > 1 => $"you are in the groups {named}",
            _ => $"you are in the group {named}",
        };
    }

    private static string Device(DeviceCriterion device)
    {
        var type = device.Type == DeviceCriterion.AnyType ? "" : $" of the type {Wording.Quote(device.Type)}";
        var which = device.Id is null ? "a registered device" : "the registered device that it names";
        var approved = device.Approved switch { true => ", approved", false => ", not approved", _ => "" };
        return $"you use {which}{type}{approved}";
    }

    private static string Date(DateCriterion date) => (date.After, date.Before) switch
    {
        ({ } after, { } before) => $"it is {Instant(after)} or later, and before {Instant(before)}",
        ({ } after, null) => $"it is {Instant(after)} or later",
        (_, var before) => $"it is before {Instant(before!.Value)}",
    };

    private static string TimeOfDay(TimeOfDayCriterion time) => (time.After, time.Before) switch
    {
        ({ } after, { } before) => $"it is between {Time(after)} and {Time(before)} in {time.Zone.Id}",
        ({ } after, null) => $"it is {Time(after)} or later in {time.Zone.Id}",
        (_, var before) => $"it is before {Time(before!.Value)} in {time.Zone.Id}",
    };

    private static string Days(DayOfWeekCriterion day) => day.Days.Count switch
    {
        7 => "any day",
        1 => day.Days[0].ToString(),
        _ => string.Join(", ", day.Days.Take(day.Days.Count - 1)) + " or " + day.Days[^1],
    };

    private static string Authentication(AuthenticationCriterion authentication)
    {
        var strong = (authentication.Acr, authentication.Amr) is (null, null) ? "" : " as strongly as it asks";
        var how = TextsAsked.Of(authentication.Acr) is { } acr ? $" (class {acr})" : "";
        var where = authentication.Provider is null ? "" : TextsAsked.Of(authentication.Provider) is { } provider ? $" at {provider}" : " at a provider it names";
        return $"you signed in{where}{strong}{how}";
    }

    private static string Kubernetes(KubernetesCriterion kubernetes)
    {
        var field = kubernetes.Field.ToString().ToLowerInvariant();
        var shown = kubernetes.Field is KubernetesField.Namespace or KubernetesField.Name ? null : TextsAsked.Of(kubernetes.Matcher);
        return shown is null ? $"the {field} of the Kubernetes request is one it names" : $"the {field} of the Kubernetes request is {shown}";
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
