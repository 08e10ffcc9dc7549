using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Tokens;

namespace Doorward.Server.Identity.SignIn;

/// <summary>Whether a flow brought what was asked. What it did not bring is not asked again: it would only go round in circles.</summary>
internal static class StepUp
{
    public static Remedies Failed(Flow flow, SignedIn said)
    {
        var failed = Remedies.None;
        if (flow.Request.Asked.HasFlag(Remedies.FreshSignIn) && !(said.AuthTime >= flow.Started - TokenClaims.Tolerance)) failed |= Remedies.FreshSignIn;
        // Where no class was named, the policy looks at what came, and finds it enough or not.
        if (flow.Request.Asked.HasFlag(Remedies.StrongerAuthentication) && !(said.Acr is { } acr && flow.Request.Acr.Contains(acr))) failed |= Remedies.StrongerAuthentication;
        return failed;
    }
}
