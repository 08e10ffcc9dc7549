using System.Globalization;
using System.Net;
using Doorward.Policy.Evaluation;
using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>
/// What a criterion saw, as a sentence. Of values only the person's own e-mail address, groups and network address, the time, and plain states: headers,
/// parameters, claims, attributes and records may hold secrets, so of them only whether they are there.
/// </summary>
internal static class SeenWords
{
    private const int ShownGroups = 10;
    private const string NotSignedIn = "You are not signed in.";

    public static string Of(Criterion criterion, Truth truth, in Known known) => criterion switch
    {
        AcceptCriterion or RejectCriterion => "It looks at nothing.",
        RecordCriterion => Compared("The record", truth, known.Session is null ? "The record is not known, and you are not signed in." : "The record is not known."),
        { AboutPerson: true } when known.Session is null => NotSignedIn,
        AuthenticatedUserCriterion => "You are signed in.",
        UserCriterion => known.Person is null ? "Who you are is not known." : truth == Truth.True ? "You are." : "You are not.",
        EmailCriterion or DomainCriterion => Email(known.Person),
        GroupsCriterion => Groups(known.Person),
        ClaimCriterion or SshUsernameMatchesClaimCriterion => Compared("The claim", truth, "Your provider has not told it in a way that can be compared."),
        PersonCriterion => Compared("The attribute", truth, "No directory has told it in a way that can be compared."),
        RiskCriterion => Risk(known.Risk),
        DeviceCriterion or DeviceAttributeCriterion => Device(criterion, truth, known.Device),
        SourceIpCriterion => known.Facts.SourceIp is { } address ? $"Your address is {Address(address)}." : "Your address is not known.",
        ClientCertificateCriterion or InvalidClientCertificateCriterion => Certificate(known.Facts.Certificate),
        DateCriterion => $"It is {Time(known.Facts.Now)} UTC.",
        DayOfWeekCriterion day => $"It is {TimeZoneInfo.ConvertTime(known.Facts.Now, day.Zone).DayOfWeek} there.",
        TimeOfDayCriterion time => $"It is {TimeZoneInfo.ConvertTime(known.Facts.Now, time.Zone).ToString("HH:mm", CultureInfo.InvariantCulture)} there.",
        SessionAgeCriterion => known.Session?.AuthTime is { } signedIn ? $"You signed in at {Time(signedIn)} UTC." : "Your provider has not told when you signed in.",
        AuthenticationCriterion => truth switch
        {
            Truth.True => "You did.",
            Truth.False => "You signed in at another provider.",
            _ => "Your sign-in does not show it.",
        },
        SshUsernameMatchesEmailCriterion when known.Person is not { EmailVerified: true } => Email(known.Person),
        McpToolCriterion when known.Facts.Mcp is { Method: not "tools/call" } => "The request calls no tool.",
        _ => Compared("It", truth, "It is not known."),
    };

    private static string Compared(string what, Truth truth, string unknown) => truth switch
    {
        Truth.True => $"{what} is.",
        Truth.False => $"{what} is not.",
        _ => unknown,
    };

    private static string Email(PersonFacts? person) => person switch
    {
        null or { Email: null } => "Your e-mail address is not known.",
        { EmailVerified: false } => $"Your e-mail address {Wording.Quote(person.Email)} is not verified.",
        _ => $"Your e-mail address is {Wording.Quote(person.Email)}.",
    };

    private static string Groups(PersonFacts? person)
    {
        if (person?.Groups is not { } groups) return "Nobody has told which groups you are in.";
        if (groups.Count == 0) return person.OnlyGroupsThatMatter ? "You are in none of the groups that matter to the policy." : "You are in no group.";
        var names = string.Join(", ", groups.Take(ShownGroups).Select(group => Wording.Quote(group.Name ?? group.Id ?? "")));
        if (person.OnlyGroupsThatMatter) return $"Of the groups that matter to the policy you are in {(groups.Count > ShownGroups ? $"{groups.Count}, among them {names}" : names)}.";
        return groups.Count > ShownGroups ? $"You are in {groups.Count} groups, among them {names}." : $"Your groups are {names}.";
    }

    private static string Risk(RiskFacts? risk)
    {
        var highest = new[] { risk?.Person, risk?.Session, risk?.Device }.Max();
        return highest is { } level ? $"The highest risk told is {level.ToString().ToLowerInvariant()}." : "Nobody has told a risk.";
    }

    private static string Device(Criterion criterion, Truth truth, DeviceFacts? device) => (criterion, device) switch
    {
        (_, null) => "No device of yours is known.",
        (DeviceAttributeCriterion { Attribute: "compliant" }, _) => device.Compliant switch { true => "It complies.", false => "It does not comply.", _ => "Nobody has told whether it complies." },
        (DeviceAttributeCriterion { Attribute: "approved" }, _) => Approved(device),
        (DeviceAttributeCriterion, _) => Compared("It", truth, "Nobody has told it in a way that can be compared."),
        (DeviceCriterion { Approved: not null }, _) when truth != Truth.True && device.Types.Count > 0 => Approved(device),
        _ => truth switch { Truth.True => "You do.", Truth.False => "You use another one.", _ => "You have not shown such a device." },
    };

    private static string Approved(DeviceFacts device) => device.Approved switch { true => "It is approved.", false => "It is not approved.", _ => "Nobody has told whether it is approved." };

    private static string Certificate(CertificateFacts? certificate) => certificate switch
    {
        null => "No client certificate was shown.",
        { Valid: false } => "The client certificate shown is not valid.",
        _ => "A valid client certificate was shown.",
    };

    private static string Address(IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
