using System.Text.Json;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Identity.Sessions;
using Doorward.Server.Identity.SignIn;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Signals;

/// <summary>OpenID Connect Back-Channel Logout 1.0: a provider tells that somebody has signed out there, or one of their sessions has ended.</summary>
internal sealed class BackChannelLogout(Func<ProviderSet> providers, Database database, SignalRecords records, TimeProvider time)
{
    public const string Path = Product.ReservedPath + "/backchannel-logout";

    private const string Act = "back-channel logout";

    public static string SourceOf(string provider) => $"logout/{provider}";

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (providers().All.FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Settings.Name}") is not { Issuers: not null } provider)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        var source = SourceOf(provider.Settings.Name);
        try
        {
            await TakeAsync(context, provider, source);
        }
        catch (SignalFault fault)
        {
            await records.RefusedAsync(context, source, fault.Error, fault.Message);
            await ErrorAsync(context, StatusCodes.Status400BadRequest, "invalid_request", fault.Message);
        }
        catch (Exception e) when (e is StoreUnavailableException or ProviderFaultException)
        {
            if (e is ProviderFaultException) await records.RefusedAsync(context, source, "keys", "The provider's keys cannot be had.");
            context.Response.Headers.RetryAfter = "5";
            await ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", e is StoreUnavailableException ? "The store does not answer." : "The provider's keys cannot be had.");
        }
    }

    private async Task TakeAsync(HttpContext context, IIdentityProvider provider, string source)
    {
        if (await BoundedForm.ReadAsync(context, LongestToken) is not { } form || form["logout_token"] is not [{ } token]) throw SignalFault.Invalid("Post one logout_token, as a form.");
        var verdict = await provider.ReadLogoutAsync(token, context.RequestAborted) ?? throw SignalFault.Invalid("This provider sends no logout tokens.");
        if (!verdict.Believed) throw SignalFault.Of(verdict.Refusal);
        var (claims, name, now) = (verdict.Claims, provider.Settings.Name, time.GetUtcNow());
        var cause = $"signal {name}: {Act}";
        // What takes access away completes even if the provider hangs up.
        var ended = await database.WriteAsync(async transaction =>
        {
            if (!await SignalSources.TakeAsync(transaction, claims.Text("iss")!, $"logout {claims.Text("jti")}", now)) throw SignalFault.Invalid("This logout token was used before.");
            var rows = await SessionStore.EndAsync(transaction, FilterOf(claims, name), cause);
            await SignalSources.HeardAsync(transaction, source, Act, rows.Count > 0, now);
            return rows;
        }, CancellationToken.None);
        var effect = ended.Value.Count == 0 ? SignalEffect.Unmatched : SignalEffects.Of($"{ended.Value.Count} sessions ended", ended.Value);
        await records.TakenAsync(context, source, Act, effect, ("id", claims.Text("jti")!));
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private const int LongestToken = 64 * 1024;

    private static SessionFilter FilterOf(JsonElement claims, string provider) => new()
    {
        Persons = claims.Text("sub") is { } subject ? [PersonRow.IdOf(provider, subject)] : null,
        Providers = [provider],
        ProviderSession = claims.Text("sid"),
    };

    private static Task ErrorAsync(HttpContext context, int status, string error, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["error"] = error, ["error_description"] = detail }.ToJsonString());
    }
}
