using System.Text.Json.Nodes;
using Doorward.Server.Identity.Providers;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Identity.Signals;

/// <summary>How a protocol spells an error.</summary>
/// <param name="Error">The member with the word.</param>
/// <param name="Detail">The member with the sentence.</param>
internal sealed record ErrorForm(string Error, string Detail)
{
    /// <summary>The only word for what a sender did wrong, where the protocol has but one.</summary>
    public string? Only { get; init; }

    /// <summary>The word for what is to be sent again.</summary>
    public string Again { get; init; } = "unavailable";
}

/// <summary>
/// The door for everything that is told from outside: what is wrong with a message is answered in its protocol's form and recorded; what
/// cannot be judged or kept now is to be sent again, and so is not lost.
/// </summary>
internal sealed class Reception(SignalRecords records)
{
    /// <param name="context">The request.</param>
    /// <param name="source">Who sends, as records name it; null where nobody of this name may.</param>
    /// <param name="form">How errors are told.</param>
    /// <param name="take">Takes the message, and answers it.</param>
    public async Task AnswerAsync(HttpContext context, string? source, ErrorForm form, Func<Task> take)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (source is null)
        {
            await ErrorAsync(context, StatusCodes.Status404NotFound, form, "unknown", "Nobody of this name tells anything here.");
            return;
        }
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method)) throw new SignalFault("method", "Post it.", StatusCodes.Status405MethodNotAllowed);
            await take();
        }
        catch (SignalFault fault)
        {
            await records.RefusedAsync(context, source, fault.Error, fault.Message);
            if (fault.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = "POST";
            await ErrorAsync(context, fault.Status, form, form.Only ?? fault.Error, fault.Message);
        }
        catch (ProviderFaultException)
        {
            await records.RefusedAsync(context, source, "keys", "The sender's keys cannot be had.");
            await AgainAsync(context, form, "The sender's keys cannot be had. Send it again.");
        }
        catch (StoreUnavailableException)
        {
            await AgainAsync(context, form, "The store does not answer. Send it again.");
        }
    }

    private static Task AgainAsync(HttpContext context, ErrorForm form, string detail)
    {
        context.Response.Headers.RetryAfter = "5";
        return ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, form, form.Again, detail);
    }

    private static Task ErrorAsync(HttpContext context, int status, ErrorForm form, string error, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { [form.Error] = error, [form.Detail] = detail }.ToJsonString());
    }
}
