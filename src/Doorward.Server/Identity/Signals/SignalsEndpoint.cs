using System.Text;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Identity.Signals;

/// <summary>
/// Receives security events by push (RFC 8935). An event is acknowledged once what follows from it is durable; where that cannot be, or
/// where nothing can be known about it, the transmitter is told to come again.
/// </summary>
internal sealed class SignalsEndpoint(Func<IReadOnlyList<Transmitter>> transmitters, SignalReceiver receiver, SignalRecords records)
{
    public const string Path = Product.ReservedPath + "/signals";

    private const string MediaType = "application/secevent+jwt";

    /// <summary>Bytes, as many as a token may have characters.</summary>
    private const int LargestBody = 64 * 1024;

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (transmitters().FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Name}") is not { } sender)
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
        try
        {
            await TakeAsync(context, sender);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (SignalFault fault)
        {
            await records.RefusedAsync(context, sender.Source, fault.Error, fault.Message);
            await ErrorAsync(context, StatusCodes.Status400BadRequest, fault.Error, fault.Message);
        }
        catch (Exception e) when (e is StoreUnavailableException or ProviderFaultException)
        {
            // Not acknowledged: it comes again.
            if (e is ProviderFaultException) await records.RefusedAsync(context, sender.Source, "keys", "The transmitter's keys cannot be had.");
            context.Response.Headers.RetryAfter = "5";
            await ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", e is StoreUnavailableException ? "The store does not answer. Send it again." : "The transmitter's keys cannot be had. Send it again.");
        }
    }

    private async Task TakeAsync(HttpContext context, Transmitter sender)
    {
        if (sender.Options.Token is { } token && !SharedToken.IsIn(context.Request, token)) throw new SignalFault("authentication_failed", "Send the token of this stream.");
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase))
            throw SignalFault.Invalid($"A security event is sent as {MediaType}.");
        var body = await BoundedBody.ReadAsync(context, LargestBody) ?? throw SignalFault.Invalid("A security event has 64 KiB at most, and is not packed.");
        var verdict = await sender.JudgeAsync(Encoding.Latin1.GetString(body), context.RequestAborted);
        if (!verdict.Believed) throw SignalFault.Of(verdict.Refusal);
        await receiver.TakeAsync(sender, verdict.Claims, context);
    }

    private static Task ErrorAsync(HttpContext context, int status, string error, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["err"] = error, ["description"] = detail }.ToJsonString());
    }
}
