using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Identity.Signals;

/// <summary>
/// Receives security events by push (RFC 8935). An event is acknowledged once what follows from it is durable; where that cannot be, or
/// where nothing can be known about it, the transmitter is told to come again.
/// </summary>
internal sealed class SignalsEndpoint(Func<IReadOnlyList<Transmitter>> transmitters, Reception reception, SignalReceiver receiver)
{
    public const string Path = Product.ReservedPath + "/signals";

    private const string MediaType = "application/secevent+jwt";

    /// <summary>Bytes, as many as a token may have characters.</summary>
    private const int LargestBody = 64 * 1024;

    private static readonly ErrorForm Errors = new("err", "description");

    public Task AnswerAsync(HttpContext context)
    {
        var sender = transmitters().FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Name}");
        return reception.AnswerAsync(context, sender?.Source, Errors, () => TakeAsync(context, sender!));
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
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
