using System.Text;
using System.Text.Json;
using Doorward.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Proxy.Streams;

/// <summary>What a client is told inside its stream when Doorward ends it, in the stream's own protocol, and how the stream's frames are followed.</summary>
internal sealed class LastWord
{
    /// <summary>Close codes for applications (RFC 6455, 7.4.2), after the statuses 401 and 403; 1013: try again later (IANA).</summary>
    public const int CloseSignIn = 4401, CloseDenied = 4403, CloseLater = 1013;

    /// <summary>The name of the event that ends a stream of events.</summary>
    public const string Event = "doorward-revoked";

    private readonly Func<HttpContext, Ending, byte[]> _write;

    private LastWord(Framing framing, Func<HttpContext, Ending, byte[]> write) => (Framing, _write) = (framing, write);

    /// <summary>Of what goes to the client.</summary>
    public Framing Framing { get; }

    /// <summary>For what both sides switched to; null where nothing can be said in it.</summary>
    public static LastWord? OfSwitched(string protocol) =>
        protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase) ? new(new WebSocketFrames(), static (_, ending) => CloseFrame(ending)) : null;

    /// <summary>For a response; null where nothing can be said in it, so that it is broken off.</summary>
    public static LastWord? OfResponse(HttpContext context)
    {
        var response = context.Response;
        // With a length or an encoding, what we add would not be what the client reads.
        if (response.ContentLength is not null || response.Headers.ContentEncoding.Count > 0 || response.ContentType is not { } type) return null;
        if (IsType(type, "text/event-stream")) return new(new EventLines(), static (_, ending) => EventText(ending));
        if (IsGrpc(type) && context.Features.Get<IHttpResponseTrailersFeature>() is not null) return new(new GrpcMessages(), Trailers);
        return null;
    }

    /// <summary>The bytes that are sent as the last; none where it is said otherwise.</summary>
    public byte[] Write(HttpContext context, Ending ending) => _write(context, ending);

    /// <summary>An unmasked close frame with code and reason (RFC 6455, 5.5.1).</summary>
    public static byte[] CloseFrame(Ending ending)
    {
        var code = ending.IsOutage ? CloseLater : ending.SignInHelps ? CloseSignIn : CloseDenied;
        var reason = Encoding.UTF8.GetBytes(ending.Message);
        return [0x88, (byte)(2 + reason.Length), (byte)(code >> 8), (byte)code, .. reason];
    }

    /// <summary>The status of an ended call (gRPC status codes): UNAUTHENTICATED, PERMISSION_DENIED, UNAVAILABLE.</summary>
    public static string GrpcStatus(Ending ending) => ending.IsOutage ? "14" : ending.SignInHelps ? "16" : "7";

    private static byte[] EventText(Ending ending) => Encoding.UTF8.GetBytes(
        $"event: {Event}\ndata: {JsonSerializer.Serialize(new RefusalBody(ending.Code, ending.Message, ending.RequestId, [], null), RefusalJson.Default.RefusalBody)}\n\n");

    private static byte[] Trailers(HttpContext context, Ending ending)
    {
        var trailers = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers[HeaderNames.GrpcStatus] = GrpcStatus(ending);
        trailers[HeaderNames.GrpcMessage] = ending.Message;
        return [];
    }

    // Not grpc-web, whose trailers stand in the body.
    private static bool IsGrpc(string type) => IsType(type, "application/grpc") || type.StartsWith("application/grpc+", StringComparison.OrdinalIgnoreCase);

    private static bool IsType(string type, string name) =>
        type.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (type.Length == name.Length || type[name.Length] is ';' or ' ');
}
