using System.Text.Json;
using Doorward.Policy;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Signals;

/// <summary>OpenID Connect Back-Channel Logout 1.0: a provider tells that somebody has signed out there, or one of their sessions has ended.</summary>
internal sealed class BackChannelLogout(Func<ProviderSet> providers, Reception reception, Database database, SignalRecords records, TimeProvider time)
{
    public const string Path = Product.ReservedPath + "/backchannel-logout";

    private const string Act = "back-channel logout";

    private const int LongestToken = 64 * 1024;

    private static readonly ErrorForm Errors = new("error", "error_description") { Only = "invalid_request", Again = "temporarily_unavailable" };

    public static string SourceOf(string provider) => $"logout/{provider}";

    public Task AnswerAsync(HttpContext context)
    {
        var provider = providers().All.FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Settings.Name}" && one.Issuers is not null);
        return reception.AnswerAsync(context, provider is null ? null : SourceOf(provider.Settings.Name), Errors, () => TakeAsync(context, provider!));
    }

    private async Task TakeAsync(HttpContext context, IIdentityProvider provider)
    {
        if (await BoundedForm.ReadAsync(context, LongestToken) is not { } form || form["logout_token"] is not [{ } token]) throw SignalFault.Invalid("Post one logout_token, as a form.");
        var verdict = await provider.ReadLogoutAsync(token, context.RequestAborted) ?? throw SignalFault.Invalid("This provider sends no logout tokens.");
        if (!verdict.Believed) throw SignalFault.Of(verdict.Refusal);
        var (claims, name, now) = (verdict.Claims, provider.Settings.Name, time.GetUtcNow());
        var source = SourceOf(name);
        var cause = $"signal {name}: {Act}";
        // What takes access away completes even if the provider hangs up.
        var ended = await database.WriteAsync(async transaction =>
        {
            if (!await SignalSources.TakeAsync(transaction, claims.Text("iss")!, $"logout {claims.Text("jti")}", now)) throw SignalFault.Invalid("This logout token was used before.");
            var rows = await SessionStore.EndAsync(transaction, [FilterOf(claims, name)], cause, now);
            await SignalSources.HeardAsync(transaction, source, Act, rows.Count > 0, now);
            return rows;
        }, CancellationToken.None);
        var effect = ended.Value.Count == 0 ? SignalEffect.Unmatched : SignalEffects.Of(Wording.Count(ended.Value.Count, "session ended", "sessions ended"), ended.Value);
        await records.TakenAsync(context, source, Act, effect, ("id", claims.Text("jti")!));
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static SessionFilter FilterOf(JsonElement claims, string provider) => new()
    {
        Persons = claims.Text("sub") is { } subject ? [PersonRow.IdOf(provider, subject)] : null,
        Providers = [provider],
        ProviderSession = claims.Text("sid"),
    };
}
