using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Why a sign-in led nowhere, as far as the person is told.</summary>
internal enum SignInTrouble
{
    /// <summary>The request is not one that we made for this browser, or is too old. One answer for all ways to be wrong.</summary>
    Invalid,

    /// <summary>The person, or the provider, said no.</summary>
    Refused,

    /// <summary>Another person came back than the one who was asked to prove again who they are.</summary>
    OtherPerson,

    /// <summary>The person was signed out while they signed in, and the provider does not ask them again.</summary>
    Over,

    /// <summary>The provider sent something that cannot be believed.</summary>
    ProviderFault,

    /// <summary>The provider, or our store, is away.</summary>
    Unavailable,
}

/// <summary>The choice of a provider.</summary>
/// <param name="Destination">The host that the person wants to go to; null for Doorward's own pages.</param>
/// <param name="Providers">Title and URL of each.</param>
/// <param name="Action">Where an e-mail address is sent, by GET; null where none chooses.</param>
/// <param name="Request">The sealed request, to be sent along as <c>request</c>.</param>
/// <param name="UnknownEmail">The address that was typed belongs to no provider.</param>
internal sealed record ProviderChoice(
    string? Destination, IReadOnlyList<(string Title, string Url)> Providers, string? Action, string? Request, bool UnknownEmail);

/// <summary>The question before signing out.</summary>
/// <param name="Person">Who is signed in.</param>
/// <param name="Token">To be posted back as <c>token</c>.</param>
/// <param name="Provider">The origin that the answer may redirect to; null where the provider has no sign-out.</param>
internal sealed record SignOutQuestion(string Person, string Token, string? Provider);

/// <summary>Writes the pages; the room Console, which comes later in the order of rooms, does it.</summary>
/// <param name="Choose">The choice of a provider.</param>
/// <param name="Trouble">A sign-in that led nowhere, with the URL at which to begin anew; null for the first page.</param>
/// <param name="AskSignOut">The question before signing out.</param>
/// <param name="SignedOut">After signing out.</param>
internal sealed record SignInPages(
    Func<HttpContext, ProviderChoice, Task> Choose,
    Func<HttpContext, SignInTrouble, string?, Task> Trouble,
    Func<HttpContext, SignOutQuestion, Task> AskSignOut,
    Func<HttpContext, Task> SignedOut);
