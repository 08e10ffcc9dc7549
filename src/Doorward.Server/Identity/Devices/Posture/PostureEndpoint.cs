using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Doorward.Policy;
using Doorward.Server.Identity.Signals;
using Doorward.Server.Identity.Tokens;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Identity.Devices.Posture;

/// <summary>The posture sources of the configuration in force.</summary>
internal delegate IReadOnlyList<PostureOptions> PostureSources();

/// <summary>
/// Takes what posture sources tell of devices. A message is believed before it is read, and answered once what it says is durable. The same
/// message again changes nothing.
/// </summary>
internal sealed partial class PostureEndpoint(PostureSources sources, Reception reception, Database database, SignalRecords records, TimeProvider time, ILogger<PostureEndpoint> log)
{
    public const string Path = Product.ReservedPath + "/posture";

    private const string Act = "posture";

    /// <summary>Bytes: a thousand devices with all that is told of them.</summary>
    private const int LargestBody = 1024 * 1024;

    private static readonly ErrorForm Errors = new("error", "description");

    public Task AnswerAsync(HttpContext context)
    {
        var source = sources().FirstOrDefault(one => context.Request.Path == $"{Path}/{one.Name}");
        return reception.AnswerAsync(context, source is null ? null : SourceOf(source), Errors, () => TakeAsync(context, source!));
    }

    /// <summary>As records, facts and counts name it.</summary>
    public static string SourceOf(PostureOptions source) => $"posture/{source.Name}";

    private async Task TakeAsync(HttpContext context, PostureOptions source)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || request.Headers.ContentEncoding.Count > 0)
            throw new SignalFault("type", "Send application/json, not packed.", StatusCodes.Status415UnsupportedMediaType);
        var body = await BoundedBody.ReadAsync(context, LargestBody) ?? throw new SignalFault("size", "A message has 1 MiB at most.", StatusCodes.Status413PayloadTooLarge);
        var now = time.GetUtcNow();
        var sent = PostureSignature.Check(request.Headers, body, source, now);
        // Signed again at another instant it is another message.
        var id = string.Create(CultureInfo.InvariantCulture, $"{sent.ToUnixTimeMilliseconds()} {Convert.ToHexStringLower(SHA256.HashData(body))}");
        LoneSurrogates.Blank(body);
        if (!StrictJson.TryObject(body, out var json)) throw PostureReader.Invalid("It is not one JSON object, with no member twice, sixteen levels deep at most.");
        // A clock that is ahead counts as now, in whole seconds as everybody's: else it would outlast what others say in the same second.
        var told = PostureReader.Read(source, json.Value, sent <= now ? sent : DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));
        // What takes access away completes even if the source hangs up.
        var changed = await database.WriteAsync(async transaction =>
        {
            if (!await SignalSources.TakeAsync(transaction, SourceOf(source), id, now)) return -1;
            var count = await DeviceStore.TellAsync(transaction, told.Devices, now, SourceOf(source));
            await SignalSources.HeardAsync(transaction, SourceOf(source), Act, matched: true, now);
            return count;
        }, CancellationToken.None);
        var effect = new SignalEffect(changed.Value < 0 ? "sent again: taken before" : string.Create(CultureInfo.InvariantCulture, $"{Wording.Count(told.Devices.Count, "device")} told of, {changed.Value} changed{told.Left}"))
        {
            Device = told.Devices is [var only] ? only.Id : null,
        };
        await records.TakenAsync(context, SourceOf(source), Act, effect);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (told.IsWhole) return;
        LogLeft(log, SourceOf(source), told.Skipped, told.Unreadable, told.Why);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["devices"] = told.Devices.Count, ["skipped"] = told.Skipped, ["unreadable"] = told.Unreadable, ["description"] = told.Why }.ToJsonString());
    }

    [LoggerMessage(LogLevel.Warning, "«{Source}» told in a way that cannot be read of devices: {Skipped}, of attributes: {Unreadable}; the others count. {Why}")]
    private static partial void LogLeft(ILogger log, string source, int skipped, int unreadable, string? why);
}
