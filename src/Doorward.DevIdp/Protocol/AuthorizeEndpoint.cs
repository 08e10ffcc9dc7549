using Doorward.DevIdp.Pages;
using Doorward.DevIdp.People;
using Doorward.DevIdp.SignIn;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Doorward.DevIdp.Protocol;

/// <summary>
/// Where a client sends a browser. The sign-in form posts the whole request back to here together with the password, so that
/// nothing is remembered between the two.
/// </summary>
internal sealed class AuthorizeEndpoint(DevIdpOptions options, Grants grants, Roster roster, BrowserSessions sessions)
{
    public async Task<IResult> HandleAsync(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var attempt = http.Request.HasFormContentType && SameSite.Allows(http.Request)
            ? SignInAttempt.Read(await http.Request.ReadFormAsync(http.RequestAborted))
            : null;
        var session = attempt is null ? sessions.Find(http) : null;
        if (attempt is not null)
        {
            if (attempt.Problem(roster, options.Time.GetUtcNow()) is { } problem)
                return Form(request, problem, attempt.UserName);
            session = sessions.Start(http, roster.Find(attempt.UserName)!.UserName, attempt.SecondFactor.Length > 0);
        }
        else if (session is null || AsksAgain(request, session) || roster.Find(session.UserName)?.MaySignIn(options.Time.GetUtcNow()) != true)
        {
            return request.HasPromptValue(PromptValues.None)
                ? Refusal.Result(Errors.LoginRequired, "Nobody is signed in, or not as it was asked for.")
                : Form(request, null, session?.UserName ?? request.LoginHint ?? "");
        }

        var grant = grants.Start(request.ClientId!, session);
        return Results.SignIn(
            PersonClaims.Principal(roster.Find(session.UserName)!, grant, request.GetScopes()),
            null,
            OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private bool AsksAgain(OpenIddictRequest request, BrowserSession session) =>
        request.HasPromptValue(PromptValues.Login)
        || request.HasPromptValue(PromptValues.SelectAccount)
        || (request.MaxAge is { } seconds && options.Time.GetUtcNow() - session.AuthTime > TimeSpan.FromSeconds(seconds))
        || request.GetAcrValues().Any(asked => !AuthenticationLevel.Reaches(session.Acr, asked));

    private IResult Form(OpenIddictRequest request, string? problem, string userName) => Page.Of<SignInPage>(new SignInModel(
        Client: request.ClientId!,
        UserName: userName,
        Problem: problem,
        AsksSecondFactor: request.GetAcrValues().Contains(AuthenticationLevel.MultiFactor),
        Request: [.. request.GetParameters()
            .Where(p => !SignInAttempt.Fields.Contains(p.Key))
            .Select(p => KeyValuePair.Create(p.Key, (string?)p.Value ?? ""))],
        People: [.. roster.All.Select(p => PeopleEndpoints.Model(p, options.Time.GetUtcNow()))]));
}
