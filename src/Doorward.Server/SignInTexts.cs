using Doorward.Server.Console;
using Doorward.Server.Console.Pages;
using Doorward.Server.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>Gives the room Identity, which knows no pages, those that signing in shows.</summary>
internal sealed class SignInTexts
{
    private readonly PageWriter _pages;

    public SignInTexts(PageWriter pages)
    {
        _pages = pages;
        Pages = new SignInPages(ChooseAsync, TroubleAsync, AskSignOutAsync, SignedOutAsync);
    }

    public SignInPages Pages { get; }

    private Task ChooseAsync(HttpContext context, ProviderChoice choice) => _pages.SignInAsync(context, new SignInModel
    {
        Destination = choice.Destination,
        Providers = [.. choice.Providers.Select(provider => new Link($"Sign in with {provider.Title}", provider.Url))],
        Email = choice.Action is null ? null : new EmailForm(
            choice.Action,
            choice.Request is null ? [] : [new("request", choice.Request)],
            choice.UnknownEmail ? "No sign-in is known for this address." : null),
    });

    private Task TroubleAsync(HttpContext context, SignInTrouble trouble, string? again) => _pages.MessageAsync(context, new MessageModel
    {
        Status = trouble switch
        {
            SignInTrouble.Invalid => StatusCodes.Status400BadRequest,
            SignInTrouble.ProviderFault => StatusCodes.Status502BadGateway,
            SignInTrouble.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status403Forbidden,
        },
        Title = trouble == SignInTrouble.Unavailable ? "One moment, please" : "You are not signed in",
        Lead = trouble switch
        {
            SignInTrouble.Invalid => "This sign-in was begun in another browser, or too long ago, or was already used.",
            SignInTrouble.Refused => "The identity provider did not sign you in.",
            SignInTrouble.OtherPerson => "Somebody else came back than the person who was asked to sign in again.",
            SignInTrouble.Over => "You were signed out while you signed in. Sign out at your identity provider, and begin again.",
            SignInTrouble.ProviderFault => "The identity provider sent an answer that cannot be relied on.",
            _ => "The identity provider, or our own store, does not answer at the moment.",
        },
        Advice = trouble == SignInTrouble.ProviderFault ? ["If it happens again, tell your administrator the number below."] : [],
        Links = [new Link("Begin again", again ?? "/")],
        RequestId = context.TraceIdentifier,
    });

    private Task AskSignOutAsync(HttpContext context, SignOutQuestion question) => _pages.SignOutAsync(
        context,
        new SignOutModel(question.Person, new PostForm(Paths.SignOut, [new("token", question.Token)]), "/"),
        question.Provider is null ? [] : [question.Provider]);

    private Task SignedOutAsync(HttpContext context) => _pages.SignedOutAsync(context, new SignedOutModel("/", ProviderKnows: true));
}
