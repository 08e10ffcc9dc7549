using System.Text;
using System.Text.Json;
using Doorward.Server.Identity.Tokens;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.SignIn;

/// <summary>
/// The answer of providers that post it from their own page. Our Lax cookies do not come along, so it does nothing but redirect to the
/// GET that sees them; and only for a flow of this browser.
/// </summary>
internal sealed class PostedCallback(FlowCookies flows, CookieNames names, Sealer sealer, SignInPages pages)
{
    private const string UserPurpose = "posted-user";

    private static readonly string[] Passed = ["state", "code", "iss", "error"];

    public async Task RedirectAsync(HttpContext context)
    {
        if (await BoundedForm.ReadAsync(context) is not { } form || form["state"] is not [{ } id] || !FlowCookies.IsId(id) || !flows.TakePosted(context, id))
        {
            await pages.Trouble(context, SignInTrouble.Invalid, null);
            return;
        }

        if (form["user"] is [{ Length: > 0 } user])
            names.Set(context, names.PostedUserPrefix + id, sealer.Seal(UserPurpose, id, user, Flow.Life), Flow.Life);
        var query = Passed.Where(form.ContainsKey).Select(name => $"{name}={Uri.EscapeDataString(form[name].ToString())}");
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{Paths.Callback}?{string.Join('&', query)}";
    }

    /// <summary>What was posted beside the code; null for nothing, or nothing that can be read.</summary>
    public JsonElement? TakeUser(HttpContext context)
    {
        if (context.Request.Query["state"] is not [{ } id] || !FlowCookies.IsId(id)) return null;
        var name = names.PostedUserPrefix + id;
        if (RequestCookies.Text(context.Request, name) is not { } text) return null;
        names.Delete(context, name);
        return sealer.Open<string>(UserPurpose, id, text) is { } user && StrictJson.TryObject(Encoding.UTF8.GetBytes(user), out var read) ? read : null;
    }
}
