using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>How a part of the server is.</summary>
internal enum HealthState
{
    Ok,

    /// <summary>Worth a look; requests are answered.</summary>
    Degraded,

    /// <summary>Guarded requests are refused.</summary>
    Down,
}

/// <summary>One part of the server: <c>store</c>, <c>configuration</c>, <c>audit</c> ...</summary>
internal sealed record HealthPart(string Name, HealthState State, string Detail);

/// <summary>Every part that says how it is.</summary>
internal sealed record HealthParts(IReadOnlyList<Func<HealthPart>> All);

/// <summary>
/// Answers load balancers and orchestrators. <c>/healthz</c>: the process lives; a fault outside it, such as a store that is away,
/// is no reason to restart it. <c>/readyz</c>: guarded requests are answered. <c>/startupz</c>: the start is over.
/// </summary>
internal sealed class Health(HealthParts parts)
{
    private volatile bool _started;

    public void Started() => _started = true;

    public Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return Status(context, StatusCodes.Status405MethodNotAllowed);
        var report = parts.All.Select(part => part()).ToArray();
        bool? well = context.Request.Path.Value switch
        {
            "/healthz" => true,
            "/readyz" => _started && report.All(part => part.State != HealthState.Down),
            "/startupz" => _started,
            _ => null,
        };
        if (well is not { } fine) return Status(context, StatusCodes.Status404NotFound);
        context.Response.StatusCode = fine ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(new HealthReport(fine ? "ok" : "not ready", report), HealthJson.Default.HealthReport);
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}

internal sealed record HealthReport(string Status, IReadOnlyList<HealthPart> Parts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
