using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Console;
using Doorward.Server.Console.Pages;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>A person's own sessions, to see and to end. Only on Doorward's own host, whose origin no app shares.</summary>
internal sealed class SessionsPage(
    Func<Serving> serving, Func<ProviderSet> providers, BrowserSession browser, SessionStore sessions, Sealer sealer, SignInRecords records, Challenge challenge, Destinations destinations, PageWriter pages)
{
    public const string Path = "/sessions";

    private const string Purpose = "end a session";

    /// <summary>More are no page for a person; the newest are shown.</summary>
    private const int Most = 100;

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public async Task AnswerAsync(HttpContext context)
    {
        var caller = await browser.FindAsync(context, serving().OwnHost);
        try
        {
            if (caller.Kind == CallerKind.Unavailable) await UnavailableAsync(context);
            else if (caller is not { Kind: CallerKind.Known, Session: { } own, Person: { } person }) context.Response.Redirect(challenge.Url(context, new Asking(Address, Remedies.SignIn)));
            else if (HttpMethods.IsPost(context.Request.Method)) await EndAsync(context, own);
            else if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) await ShowAsync(context, own, person);
            else context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
        catch (StoreUnavailableException) when (!context.Response.HasStarted)
        {
            await UnavailableAsync(context);
        }
    }

    private string Address => new Uri(destinations.Own, Path).AbsoluteUri;

    private async Task ShowAsync(HttpContext context, Session own, Person person)
    {
        var rows = await sessions.ListAsync(own.PersonId, Most, context.RequestAborted);
        await pages.SessionsAsync(context, new SessionsModel
        {
            Navigation = new Navigation(person.Name ?? person.Facts.Email ?? person.Id, "/", Path, Paths.SignOut),
            Sessions = [.. rows.OrderByDescending(row => row.Started).Select(row => LineOf(row, own))],
            Notice = context.Request.Query.ContainsKey("ended") ? "That session has ended." : null,
        });
    }

    private async Task EndAsync(HttpContext context, Session own)
    {
        // Sealed for this session by the page that listed it: nobody else can have made it, and it names none of another person.
        if (await BoundedForm.ReadAsync(context) is not { } form || form["token"] is not [{ } token] || sealer.Open<string>(Purpose, own.Id, token) is not { } id)
        {
            await pages.ErrorAsync(context, StatusCodes.Status400BadRequest, context.TraceIdentifier);
            return;
        }

        var ended = await sessions.EndAsync(id, "ended by the person");
        await records.WriteAsync(context, EventKind.SignOut, "end session", own.PersonId, own.Id, ended, ("session", id));
        if (id == own.Id) browser.Forget(context);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = id == own.Id ? Paths.SignedOut : Path + "?ended";
    }

    private SessionLine LineOf(SessionRow row, Session own)
    {
        var provider = row.ToSession().Session.Facts.Provider ?? "";
        return new(
            BrowserNames.Of(row.UserAgent),
            providers().Find(provider)?.Settings.Title ?? provider,
            DateTimeOffset.FromUnixTimeMilliseconds(row.Started),
            DateTimeOffset.FromUnixTimeMilliseconds(row.LastActivity),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Expires),
            row.Id == own.Id,
            new PostForm(Path, [new("token", sealer.Seal(Purpose, own.Id, row.Id, Life))]));
    }

    private Task UnavailableAsync(HttpContext context) => pages.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, context.TraceIdentifier);
}
