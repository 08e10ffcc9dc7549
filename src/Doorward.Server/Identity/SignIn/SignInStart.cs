using System.Buffers.Text;
using System.Security.Cryptography;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>The beginning: who has a session already is led on; everybody else to a provider, after a choice where there is one.</summary>
internal sealed class SignInStart(
    Func<ProviderSet> providers, FlowCookies flows, BrowserSession browser, HandOverSteps handOver, Sealer sealer, Destinations destinations, SignInPages pages, TimeProvider time)
{
    private const Remedies Stronger = Remedies.FreshSignIn | Remedies.StrongerAuthentication;

    public async Task AnswerAsync(HttpContext context)
    {
        if (!TryRead(context, out var request, out var text))
        {
            await pages.Trouble(context, SignInTrouble.Invalid, null);
            return;
        }

        var caller = await browser.FindAsync(context, destinations.Own.Host);
        if (caller.Kind == CallerKind.Unavailable)
        {
            await pages.Trouble(context, SignInTrouble.Unavailable, request.ReturnTo);
            return;
        }

        // A session of another provider than the route names is none, for this route.
        var session = request.Provider is null || request.Provider == caller.Session?.Facts.Provider ? caller.Session : null;
        if (session is not null && (request.Asked & Stronger) == 0)
        {
            await handOver.LeadAsync(context, session.Id, request);
            return;
        }

        await ChooseAsync(context, request, text, session);
    }

    private async Task ChooseAsync(HttpContext context, SignInRequest request, string? text, Session? session)
    {
        var set = providers();
        var email = context.Request.Query["email"] is [{ Length: > 0 } typed] ? typed.Trim() : null;
        var byEmail = email is null ? null : set.ForEmail(email);
        var chosen = session is not null ? set.Find(session.Facts.Provider)
            : request.Provider is not null ? set.Find(request.Provider)
            : context.Request.Query["provider"] is [{ } named] ? set.Find(named)
            : byEmail ?? (set.Count == 1 ? set.All.First() : null);
        if (chosen is null)
        {
            await pages.Choose(context, Choice(set.All, request, text, email is not null));
            return;
        }

        var url = await BeginAsync(context, chosen, request, session, email);
        if (byEmail is null)
        {
            context.Response.Redirect(url.AbsoluteUri);
            return;
        }

        // A browser holds the redirects of a form to the page's policy, which names no provider: the page that answers leads on.
        context.Response.Headers["Refresh"] = $"0;url={url.AbsoluteUri}";
        await pages.Choose(context, Choice([chosen], request, text, unknownEmail: false) with { Action = null });
    }

    private async Task<Uri> BeginAsync(HttpContext context, IIdentityProvider provider, SignInRequest request, Session? session, string? email)
    {
        var flow = new Flow
        {
            Id = FlowCookies.NewId(),
            Provider = provider.Settings.Name,
            Nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            Started = time.GetUtcNow(),
            Request = request,
            SessionId = session?.Id,
        };
        var url = await provider.AuthorizeAsync(
            new AuthorizationRequest(new Uri(destinations.Own, Paths.Callback), flow.Id, flow.Nonce, flow.Verifier)
            {
                LoginHint = email,
                Afresh = session is not null || request.Asked.HasFlag(Remedies.FreshSignIn),
                Acr = request.Acr,
            },
            context.RequestAborted);
        flows.Keep(context, flow, provider.Preset.FormPost);
        return url;
    }

    private ProviderChoice Choice(IEnumerable<IIdentityProvider> offered, SignInRequest request, string? text, bool unknownEmail) => new(
        destinations.Check(request.ReturnTo) is { } url && !destinations.IsOwn(url) ? url.Host : null,
        [.. offered.Select(p => (p.Settings.Title ?? p.Preset.Title, $"{Paths.SignIn}?provider={p.Settings.Name}{(text is null ? "" : $"&request={text}")}"))],
        offered.Any(p => p.Settings.SignInDomains.Count > 0) ? Paths.SignIn : null,
        text,
        unknownEmail);

    private bool TryRead(HttpContext context, out SignInRequest request, out string? text)
    {
        request = new SignInRequest();
        text = null;
        if (!context.Request.Query.TryGetValue("request", out var values)) return true;
        text = values is [{ } only] ? only : null;
        if (sealer.Open<SignInRequest>(Challenge.Purpose, "", text) is not { } opened) return false;
        request = opened;
        return true;
    }
}
