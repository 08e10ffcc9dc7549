using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Console.Pages;

namespace Doorward.Server.Console;

/// <summary>A refusal in plain, kind English: what was missing, what to do, an id to quote.</summary>
internal static class RefusalTexts
{
    /// <summary>Seconds after which a page about something that heals by itself looks again.</summary>
    private const int LookAgainSeconds = 5;

    public static MessageModel Of(Refusal refusal) => new()
    {
        Status = refusal.Status,
        Title = Title(refusal),
        Lead = Lead(refusal),
        Asked = ReasonLines.Of(refusal.Explanation),
        Advice = [.. Advice(refusal)],
        Links = [.. Links(refusal)],
        Person = refusal.Person,
        RequestId = refusal.RequestId,
        // A form that was sent is not sent again by itself.
        RetryAfter = refusal.HealsByItself && !refusal.LosesBody ? LookAgainSeconds : null,
    };

    private static string Title(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.SignIn => "Please sign in",
        RefusalKind.StepUp => "Please sign in again",
        RefusalKind.Device => "This needs a known device",
        RefusalKind.Certificate => "This needs a client certificate",
        RefusalKind.NoRoute => "Nothing is published here",
        _ when refusal.HealsByItself => "One moment, please",
        _ when IsLocked(refusal) => "Access is locked",
        _ when IsOver(refusal) => "Your access has ended",
        _ => "You cannot open this",
    };

    private static string Lead(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.SignIn => $"{Name(refusal)} is open to people who are signed in.",
        RefusalKind.StepUp => $"{Name(refusal)} asks for a fresh or a stronger sign-in than the one you have.",
        RefusalKind.Device => $"{Name(refusal)} opens only from a device that your organisation knows and that is in order. Your sign-in did not say which device this is.",
        RefusalKind.Certificate => $"{Name(refusal)} opens only to browsers that show a valid certificate. Yours showed none, or one that is not accepted here.",
        RefusalKind.NoRoute => "There is no app at this address.",
        RefusalKind.Stale => "What we know about your access is older than it may be, so nobody is let in until it is fresh again.",
        RefusalKind.Unavailable => "Your session could not be looked up in time. You are still signed in.",
        RefusalKind.Unsettled => "What your access is judged by is just being changed, again and again.",
        RefusalKind.Silent => "Whoever would tell us that your access has ended is not heard at the moment, so nobody is let in until they are.",
        RefusalKind.Unaudited => "This cannot be recorded at the moment, and nothing is let through unrecorded.",
        _ when IsLocked(refusal) => "An administrator has set a lock that holds for this request. Until it is lifted, no policy lets you in.",
        _ when IsOver(refusal) => $"{Name(refusal)} is not open to you any more: your account is not active, or its end date has come.",
        _ when refusal.Person is null => $"{Name(refusal)} is not open to this request.",
        _ => $"{Name(refusal)} is not open to you right now. You are signed in, and that alone is not enough.",
    };

    private static IEnumerable<string> Advice(Refusal refusal)
    {
        if (refusal.LosesBody)
            yield return "What you were sending has not arrived. Go back in your browser afterwards and send it again.";
        if (refusal.Explanation is { Next.Count: > 0 } explanation)
        {
            foreach (var next in explanation.Next) yield return next;
            yield break;
        }
        switch (refusal.Kind)
        {
            case RefusalKind.Denied when IsLocked(refusal):
                yield return Explanation.NextWhenLocked;
                break;
            case RefusalKind.Denied when IsOver(refusal):
                yield return Explanation.NextWhenEnded;
                break;
            case RefusalKind.Denied:
                yield return "If you think you should be let in, ask the people who run this app, and give them the id below: with it they see what was missing.";
                if (refusal.Person is not null) yield return "If you have another account, sign in with that one.";
                break;
            case RefusalKind.Device:
                yield return "Use a device that your organisation manages, in the browser that was set up on it: a private window often does not say which device it is.";
                yield return "If this is one, sign in again: perhaps it was not known yet when you did.";
                break;
            case RefusalKind.Certificate:
                yield return "Install the certificate that you were given, close the browser, and open this address again.";
                break;
            case RefusalKind.NoRoute:
                yield return "Check the address for a slip of the finger.";
                break;
            default:
                if (refusal.HealsByItself)
                    yield return refusal.LosesBody ? "Try again in a few seconds." : "There is nothing to do: this page looks again by itself in a few seconds.";
                break;
        }
    }

    private static IEnumerable<Link> Links(Refusal refusal)
    {
        if (refusal.SignInUrl is { } url)
            yield return new(refusal.Kind switch { RefusalKind.SignIn => "Sign in", RefusalKind.StepUp => "Sign in again", RefusalKind.Device => "Use a device", _ => "Use another account" }, url);
    }

    // In the order in which decisions look: a lock comes first.
    private static bool IsLocked(Refusal refusal) => refusal.Kind == RefusalKind.Denied && refusal.Decision.Reasons.Has(Reason.Locked);

    private static bool IsOver(Refusal refusal) => refusal.Kind == RefusalKind.Denied && refusal.Decision.Reasons.Has(Reason.Ended);

    private static string Name(Refusal refusal) => refusal.Route?.Presentation.Title ?? "This app";
}
