using System.Net;
using Doorward.Server.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Tests.Identity.Lab;

/// <summary>The pages, as little as a test can read.</summary>
internal static class PlainPages
{
    public static SignInPages All { get; } = new(
        (context, choice) => context.Response.WriteAsync($"choose for {choice.Destination}: {string.Join(' ', choice.Providers.Select(p => $"[{p.Title}]({p.Url})"))} unknown={choice.UnknownEmail}"),
        (context, trouble, again) =>
        {
            context.Response.StatusCode = trouble switch
            {
                SignInTrouble.Unavailable => 503,
                SignInTrouble.ProviderFault => 502,
                SignInTrouble.Refused or SignInTrouble.OtherPerson or SignInTrouble.Over => 403,
                _ => 400,
            };
            return context.Response.WriteAsync($"trouble {trouble} again={WebUtility.HtmlEncode(again)}");
        },
        (context, question) => context.Response.WriteAsync($"sign out {question.Person}? token={question.Token} provider={question.Provider}"),
        context => context.Response.WriteAsync("signed out"));
}
