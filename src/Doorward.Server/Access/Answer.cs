using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Access;

/// <summary>Writes a refusal for people; the room Console, which comes later in the order of rooms, does it.</summary>
internal delegate Task RefusalPage(HttpContext context, Refusal refusal);

/// <summary>
/// The only place that denies: as a redirect to the sign-in, a page, JSON or a gRPC status. Nothing of the upstream is in any
/// of them, and none may be stored by a cache.
/// </summary>
internal sealed class Answer(RefusalPage page)
{
    /// <summary>Seconds after which trying again makes sense; staleness heals within a look at the feed or two.</summary>
    public const string RetryAfter = "2";

    public Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Request-Id"] = refusal.RequestId;
        if (refusal.Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = RetryAfter;
        return Audiences.Of(context.Request) switch
        {
            Audience.Grpc => RefuseGrpc(response, refusal),
            Audience.Person => RefusePerson(context, refusal),
            _ => RefuseProgram(response, refusal),
        };
    }

    private Task RefusePerson(HttpContext context, Refusal refusal)
    {
        // A form that was sent is not lost silently: the page says so, instead of a redirect that drops the body.
        if (refusal is { SignInUrl: { } url, LosesBody: false, Kind: RefusalKind.SignIn or RefusalKind.StepUp or RefusalKind.Device })
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = url;
            return Task.CompletedTask;
        }
        context.Response.StatusCode = refusal.Status;
        return page(context, refusal);
    }

    private static Task RefuseProgram(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = refusal.Status;
        if (refusal.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = Challenge(refusal);
        return response.WriteAsJsonAsync(
            new RefusalBody(refusal.Code, refusal.Message, refusal.RequestId, refusal.Decision.Reasons.Codes(), refusal.SignInUrl),
            RefusalJson.Default.RefusalBody);
    }

    /// <summary>Nobody refused, but nothing came back: for programs, the status and the id to quote; for gRPC, UNAVAILABLE.</summary>
    public static Task FailAsync(HttpContext context, int status, string requestId) =>
        FailAsync(context, status, "14", "upstream", "The service behind does not answer.", requestId);

    /// <summary>Something broke here: for programs, 500 and the id to quote; for gRPC, INTERNAL.</summary>
    public static Task FaultAsync(HttpContext context, string requestId) =>
        FailAsync(context, StatusCodes.Status500InternalServerError, "13", "fault", "Something went wrong here; it has been recorded.", requestId);

    private static Task FailAsync(HttpContext context, int status, string grpcStatus, string code, string message, string requestId)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (Audiences.Of(context.Request) == Audience.Grpc)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = "application/grpc";
            response.Headers.GrpcStatus = grpcStatus;
            response.Headers.GrpcMessage = WithId(message, requestId);
            return Task.CompletedTask;
        }
        response.StatusCode = status;
        return response.WriteAsJsonAsync(new RefusalBody(code, message, requestId, [], null), RefusalJson.Default.RefusalBody);
    }

    /// <summary>A gRPC client shows its person the message and nothing else.</summary>
    private static string WithId(string message, string requestId) => $"{message} Request {requestId}.";

    // RFC 9470: a step-up is told by insufficient_user_authentication.
    private static string Challenge(Refusal refusal) => refusal.Kind == RefusalKind.StepUp
        ? $"Bearer realm=\"{Product.Name}\", error=\"insufficient_user_authentication\""
        : $"Bearer realm=\"{Product.Name}\"";

    // Trailers-only: the status travels in the headers of an answer without a body (gRPC over HTTP/2, "Responses").
    private static Task RefuseGrpc(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = refusal.Kind switch
        {
            RefusalKind.SignIn or RefusalKind.StepUp => "16",
            RefusalKind.NoRoute => "12",
            _ when refusal.HealsByItself => "14",
            _ => "7",
        };
        response.Headers.GrpcMessage = WithId(refusal.Message, refusal.RequestId);
        return Task.CompletedTask;
    }
}
