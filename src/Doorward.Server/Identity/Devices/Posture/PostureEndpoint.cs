using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>The posture sources of the configuration in force.</summary>
internal delegate IReadOnlyList<PostureOptions> PostureSources();

/// <summary>
/// Takes what posture sources tell of devices. A message is believed before it is read, and answered once what it says is durable. The same
/// message again changes nothing.
/// </summary>
internal sealed class PostureEndpoint(PostureSources sources, Database database, SignalRecords records, TimeProvider time)
{
    public const string Path = Product.ReservedPath + "/posture";

    private const string Act = "posture";

    /// <summary>Bytes: a thousand devices with all that is told of them.</summary>
    private const int LargestBody = 1024 * 1024;

    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (sources().FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Name}") is not { } source)
        {
            await ErrorAsync(context, StatusCodes.Status404NotFound, "unknown", "There is no posture source of this name.");
            return;
        }
        try
        {
            await TakeAsync(context, source);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        catch (PostureFault fault)
        {
            await records.RefusedAsync(context, SourceOf(source), fault.Error, fault.Message);
            if (fault.Status == StatusCodes.Status405MethodNotAllowed) context.Response.Headers.Allow = "POST";
            await ErrorAsync(context, fault.Status, fault.Error, fault.Message);
        }
        catch (StoreUnavailableException)
        {
            // Not taken: it comes again.
            context.Response.Headers.RetryAfter = "5";
            await ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", "The store does not answer. Send it again.");
        }
    }

    private async Task TakeAsync(HttpContext context, PostureOptions source)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method)) throw new PostureFault(StatusCodes.Status405MethodNotAllowed, "method", "Post it.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || request.Headers.ContentEncoding.Count > 0)
            throw new PostureFault(StatusCodes.Status415UnsupportedMediaType, "type", "Send application/json, not packed.");
        var body = await BoundedBody.ReadAsync(context, LargestBody) ?? throw new PostureFault(StatusCodes.Status413PayloadTooLarge, "size", "A message has 1 MiB at most.");
        var now = time.GetUtcNow();
        var sent = PostureSignature.Check(request.Headers, body, source, now);
        if (!StrictJson.TryObject(body, out var json)) throw PostureFault.Invalid("It is not one JSON object, with no member twice, sixteen levels deep at most.");
        // A clock that is ahead counts as now, in whole seconds as everybody's: else it would outlast what others say in the same second.
        var reports = PostureReader.Read(source, json.Value, sent <= now ? sent : DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));
        // Signed again at another instant it is another message.
        var id = string.Create(CultureInfo.InvariantCulture, $"{sent.ToUnixTimeMilliseconds()} {Convert.ToHexStringLower(SHA256.HashData(body))}");
        // What takes access away completes even if the source hangs up.
        var changed = await database.WriteAsync(async transaction =>
        {
            if (!await SignalSources.TakeAsync(transaction, SourceOf(source), id, now)) return -1;
            var count = 0;
            foreach (var report in reports) count += await DeviceStore.TellAsync(transaction, report, now, SourceOf(source)) ? 1 : 0;
            await SignalSources.HeardAsync(transaction, SourceOf(source), Act, matched: true, now);
            return count;
        }, CancellationToken.None);
        var effect = new SignalEffect(changed.Value < 0 ? "sent again: taken before" : string.Create(CultureInfo.InvariantCulture, $"{reports.Count} devices told of, {changed.Value} changed")) { Device = reports is [var only] ? only.Id : null };
        await records.TakenAsync(context, SourceOf(source), Act, effect);
    }

    /// <summary>As records, facts and counts name it.</summary>
    public static string SourceOf(PostureOptions source) => $"posture/{source.Name}";

    private static Task ErrorAsync(HttpContext context, int status, string error, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["error"] = error, ["description"] = detail }.ToJsonString());
    }
}
