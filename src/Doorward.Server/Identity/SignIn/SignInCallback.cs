using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Audit;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Doorward.Server.Identity.SignIn;

/// <summary>The end: the provider's answer is held against the flow that this browser began, the code redeemed, the session made.</summary>
internal sealed partial class SignInCallback(
    Func<ProviderSet> providers, FlowCookies flows, BrowserSession browser, HandOverSteps handOver, SessionStore sessions, Sealer sealer, Destinations destinations, SignInPages pages, SignInRecords records, ILogger<SignInCallback> log)
{
    private const int LongestCode = 4096;

    public async Task AnswerAsync(HttpContext context, JsonElement? postedUser = null)
    {
        var query = context.Request.Query;
        if (query["state"] is not [{ } id] || !FlowCookies.IsId(id) || flows.Take(context, id) is not { } flow || providers().Find(flow.Provider) is not { } provider
            || !TryGetOnly(query, "iss", out var issuer) || !await provider.AdmitsResponseIssuerAsync(issuer, context.RequestAborted))
        {
            await pages.Trouble(context, SignInTrouble.Invalid, null);
            return;
        }

        if (query.ContainsKey("error"))
        {
            await RefusedAsync(context, flow, query["error"].ToString());
            return;
        }

        if (query["code"] is not [{ Length: > 0 and <= LongestCode } code])
        {
            await pages.Trouble(context, SignInTrouble.Invalid, flow.Request.ReturnTo);
            return;
        }

        try
        {
            var exchange = new CodeExchange(code, new Uri(destinations.Own, Paths.Callback), flow.Nonce, flow.Verifier, postedUser);
            await FinishAsync(context, flow, await provider.ExchangeAsync(exchange, context.RequestAborted));
        }
        catch (SignInOverException)
        {
            await OverAsync(context, flow);
        }
        catch (ProviderFaultException e)
        {
            LogFault(log, e, flow.Provider);
            await records.WriteAsync(context, EventKind.SignIn, "sign in", null, null, false, ("provider", flow.Provider), ("fault", e.Fault.ToString()));
            await pages.Trouble(context, e.IsHiccup ? SignInTrouble.Unavailable : e.Fault == ProviderFault.Refused ? SignInTrouble.Invalid : SignInTrouble.ProviderFault, flow.Request.ReturnTo);
        }
    }

    private async Task FinishAsync(HttpContext context, Flow flow, SignedIn said)
    {
        said = said with { Begun = flow.Started };
        var own = destinations.Own.Host;
        var former = await browser.FindAsync(context, own);
        Session? session;
        if (flow.SessionId is { } id)
        {
            session = await sessions.StepUpAsync(id, said, StepUp.Failed(flow, said));
            if (session is null)
            {
                await records.WriteAsync(context, EventKind.SignIn, "step up", null, id, false, ("provider", said.Provider));
                await pages.Trouble(context, SignInTrouble.OtherPerson, flow.Request.ReturnTo);
                return;
            }
        }
        else
        {
            var client = new Browser(context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString());
            session = await sessions.SignInAsync(said, client, former.Session?.Id);
        }

        await records.WriteAsync(context, EventKind.SignIn, flow.SessionId is null ? "sign in" : "step up", session.PersonId, session.Id, true, ("provider", said.Provider));
        await browser.SetAsync(context, session.Id, own);
        await handOver.LeadAsync(context, session.Id, flow.Request);
    }

    // What the provider said is of before the person was signed out: they prove anew who they are. Once: then the provider does not ask them.
    private async Task OverAsync(HttpContext context, Flow flow)
    {
        await records.WriteAsync(context, EventKind.SignIn, "sign in", null, null, false, ("provider", flow.Provider), ("error", "over"));
        if (flow.Request.Asked.HasFlag(Remedies.FreshSignIn))
        {
            await pages.Trouble(context, SignInTrouble.Over, flow.Request.ReturnTo);
            return;
        }

        var request = flow.Request with { Provider = flow.Provider, Asked = flow.Request.Asked | Remedies.FreshSignIn };
        context.Response.Redirect($"{Paths.SignIn}?request={sealer.Seal(Challenge.Purpose, "", request, SignInRequest.Life)}");
    }

    // A provider that cannot do what was asked has said so: the route is told, and does not ask again.
    private async Task RefusedAsync(HttpContext context, Flow flow, string error)
    {
        LogRefused(log, flow.Provider, Printable(error));
        await records.WriteAsync(context, EventKind.SignIn, "sign in", null, flow.SessionId, false, ("provider", flow.Provider), ("error", Printable(error)));
        var hiccup = error is "temporarily_unavailable" or "server_error";
        await pages.Trouble(context, hiccup ? SignInTrouble.Unavailable : SignInTrouble.Refused, flow.Request.ReturnTo);
    }

    private static bool TryGetOnly(IQueryCollection query, string name, out string? value)
    {
        value = null;
        if (!query.TryGetValue(name, out var values)) return true;
        value = values is [{ } only] ? only : null;
        return value is not null;
    }

    private static string Printable(string error) => error.Length <= 64 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? error : "(unprintable)";

    [LoggerMessage(LogLevel.Warning, "A sign-in with «{Provider}» failed")]
    private static partial void LogFault(ILogger log, Exception fault, string provider);

    [LoggerMessage(LogLevel.Information, "«{Provider}» refused a sign-in: {Error}")]
    private static partial void LogRefused(ILogger log, string provider, string error);
}
