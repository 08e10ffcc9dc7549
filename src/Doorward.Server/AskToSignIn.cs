using Doorward.Policy;
using Doorward.Server.Access;
using Doorward.Server.Identity.SignIn;

namespace Doorward.Server;

/// <summary>Makes the URL at which somebody signs in who was refused for want of it: asks for exactly what the policy misses.</summary>
internal sealed class AskToSignIn(Challenge challenge)
{
    public string? UrlFor(Visit visit, in Judgement judgement) => challenge.Url(visit.Context, new Asking(
        visit.Url,
        judgement.Decision.Remedies == Remedies.None ? Remedies.SignIn : judgement.Decision.Remedies,
        visit.Route?.IdentityProvider,
        judgement.Facts is { } facts ? visit.Route?.Policy.Ask(facts).AcrValues : null));
}
