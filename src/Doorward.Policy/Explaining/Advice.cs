using Doorward.Policy.Syntax;

namespace Doorward.Policy.Explaining;

/// <summary>What a person can do so that a criterion says otherwise: one sentence, or none where it is for others to act.</summary>
internal static class Advice
{
    public const string AskAdministrator = "Ask whoever looks after this service for access, and quote the id on this page.";

    public static IEnumerable<string> For(Decision decision, IReadOnlyList<(Criterion Criterion, bool Wanted)>? changes)
    {
        if (decision.Outcome == Outcome.Allow) return [];
        if (decision.Reasons.Has(Reason.Locked)) return [Explanation.NextWhenLocked];
        if (decision.Reasons.Has(Reason.Ended)) return [Explanation.NextWhenEnded];
        if (decision.Outcome != Outcome.Deny) return Asked(decision);
        if (changes is null) return [AskAdministrator];
        var advice = changes.Select(change => For(change.Criterion, change.Wanted)).ToList();
        return advice.Count == 0 ? [AskAdministrator] : advice.Distinct();
    }

    private static IEnumerable<string> Asked(Decision decision)
    {
        if (decision.Outcome == Outcome.Certificate)
        {
            yield return decision.Reasons.Has(Reason.ClientCertificateRequired)
                ? "Install a client certificate that is accepted here, open the page again and choose it."
                : "Choose a client certificate that is valid, or renew yours; you may have to restart the browser.";
        }

        if ((decision.Remedies & Remedies.SignIn) != 0) yield return "Sign in.";
        if ((decision.Remedies & Remedies.FreshSignIn) != 0) yield return "Sign in again: your sign-in is too long ago.";
        if ((decision.Remedies & Remedies.StrongerAuthentication) != 0) yield return "Sign in again, in the stronger way that is asked for.";
        if ((decision.Remedies & Remedies.Device) != 0) yield return "Use a device that your organisation manages, in the browser that was set up on it, and sign in there.";
    }

    private static string For(Criterion criterion, bool wanted) => criterion switch
    {
        GroupsCriterion when wanted => $"Ask for a change of your groups, so that {AskedWords.Of(criterion)}.",
        EmailCriterion or DomainCriterion or UserCriterion when wanted => "Sign in with another account, or ask for yours to be admitted; your e-mail address must be verified.",
        DeviceAttributeCriterion { Attribute: "compliant" } when wanted => "Bring your device into line with the rules for devices, or use another one.",
        DeviceCriterion or DeviceAttributeCriterion when wanted => "Use another device, or ask for this one to be approved.",
        SourceIpCriterion when wanted => "Connect from a network that is admitted, such as the office or the VPN.",
        DateCriterion or DayOfWeekCriterion or TimeOfDayCriterion => $"Come back when the time is right: it is asked that {(wanted ? "" : "it is not so that ")}{AskedWords.Of(criterion)}.",
        SessionAgeCriterion or AuthenticationCriterion => "Sign in again, in the way that is asked for.",
        ClientCertificateCriterion or InvalidClientCertificateCriterion => "Show another client certificate.",
        _ => AskAdministrator,
    };
}
