using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// Signing out ends the session, with its cookies at every host, before anything is answered; then the tokens at the provider, as well as it
/// goes; then the browser is led to the provider's own sign-out. It leads nowhere else: there is no parameter to say where.
/// </summary>
internal sealed partial class SignOut(
    Func<ProviderSet> providers, BrowserSession browser, SessionStore sessions, KeptTokens tokens, Sealer sealer, Destinations destinations, SignInPages pages, SignInRecords records, ILogger<SignOut> log)
{
    private const string Purpose = "sign-out";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private Uri Back => new(destinations.Own, Paths.SignedOut);

    public async Task AskAsync(HttpContext context)
    {
        var caller = await browser.FindAsync(context, destinations.Own.Host);
        if (caller is not { Kind: CallerKind.Known, Session: { } session, Person: { } person })
        {
            await NotSignedInAsync(context, caller);
            return;
        }

        var provider = await LeadAsync(session, null, context.RequestAborted);
        await pages.AskSignOut(context, new SignOutQuestion(
            person.Facts.Email ?? person.Name ?? person.Subject, sealer.Seal(Purpose, session.Id, session.Id, Life), provider?.GetLeftPart(UriPartial.Authority)));
    }

    public async Task EndAsync(HttpContext context)
    {
        var caller = await browser.FindAsync(context, destinations.Own.Host);
        if (caller is not { Kind: CallerKind.Known, Session: { } session })
        {
            await NotSignedInAsync(context, caller);
            return;
        }

        if (await BoundedForm.ReadAsync(context) is not { } form || form["token"] is not [{ } token] || sealer.Open<string>(Purpose, session.Id, token) != session.Id)
        {
            await pages.Trouble(context, SignInTrouble.Invalid, null);
            return;
        }

        var kept = await tokens.FindAsync(session.Id, context.RequestAborted);
        // From here on nothing waits for the browser: what takes access away runs to the end.
        await sessions.EndAsync(session.Id, "signed out");
        browser.Forget(context);
        await records.WriteAsync(context, EventKind.SignOut, "sign out", session.PersonId, session.Id, true);
        var provider = await LeadAsync(session, kept, CancellationToken.None);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = (provider ?? Back).AbsoluteUri;
    }

    private async Task NotSignedInAsync(HttpContext context, Caller caller)
    {
        if (caller.Kind == CallerKind.Unavailable)
        {
            await pages.Trouble(context, SignInTrouble.Unavailable, null);
            return;
        }

        browser.Forget(context);
        context.Response.Redirect(Paths.SignedOut);
    }

    // The session has ended already: a provider that is away changes nothing about that.
    private async Task<Uri?> LeadAsync(Session session, ProviderTokens? kept, CancellationToken cancel)
    {
        if (providers().Find(session.Facts.Provider) is not { } provider) return null;
        try
        {
            if (kept is not null) await provider.RevokeAsync(kept, cancel);
        }
        catch (ProviderFaultException e)
        {
            LogRevocation(log, e, provider.Settings.Name);
        }

        try
        {
            return await provider.SignOutAsync(kept?.Id, Back, FlowCookies.NewId(), cancel);
        }
        catch (ProviderFaultException e)
        {
            LogRevocation(log, e, provider.Settings.Name);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "«{Provider}» could not be told of a sign-out")]
    private static partial void LogRevocation(ILogger log, Exception fault, string provider);
}
