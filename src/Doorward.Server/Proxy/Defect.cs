using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy;

/// <summary>What is wrong with a request itself, whoever sent it: a closed set. Such a request is answered with 4xx and reaches no upstream.</summary>
internal enum Defect : byte
{
    None,

    /// <summary>The target is neither a path nor an absolute URL of ours.</summary>
    TargetForm,

    /// <summary>A control character, raw or escaped.</summary>
    ControlCharacter,

    /// <summary>A raw space (HTTP/2 could carry one).</summary>
    Space,

    /// <summary>A backslash, raw or escaped: some servers read it as a slash.</summary>
    Backslash,

    /// <summary>A fragment, which a client never sends.</summary>
    Fragment,

    /// <summary>A byte above 0x7F that is not escaped.</summary>
    NotAscii,

    /// <summary>A percent sign without two hexadecimal digits.</summary>
    BadEscape,

    /// <summary>Escaped bytes that are not UTF-8, such as an overlong slash.</summary>
    InvalidUtf8,

    /// <summary>An escaped percent sign before two hexadecimal digits: decoded twice it would be another path.</summary>
    DoubleEncoding,

    /// <summary>A dot segment in any spelling.</summary>
    DotSegment,

    /// <summary>No host, or more than one.</summary>
    HostMissing,

    /// <summary>The host is not a name, an address or a port.</summary>
    HostMalformed,

    /// <summary>The absolute URL in the request line names another host than the Host header.</summary>
    AuthorityMismatch,

    /// <summary>A header name that is no token (RFC 9110, 5.1).</summary>
    HeaderName,

    /// <summary>A control character in a header's value.</summary>
    HeaderValue,

    /// <summary>Transfer-Encoding is anything but one <c>chunked</c>, or stands in HTTP/1.0 or HTTP/2.</summary>
    TransferEncoding,

    /// <summary>Content-Length beside Transfer-Encoding.</summary>
    TwoLengths,

    /// <summary>A body before the switch to WebSocket or SPDY: one side would read it in the old protocol, the other in the new.</summary>
    UpgradeWithBody,

    /// <summary>A header that belongs to one HTTP/1.1 connection, in HTTP/2 (RFC 9113, 8.2.2).</summary>
    ConnectionHeader,

    /// <summary>An expectation other than 100-continue.</summary>
    Expectation,

    /// <summary>CONNECT where no tunnel is offered, or TRACE, which would show the client what Doorward adds.</summary>
    MethodNotOffered,

    /// <summary>A method in lower case: a policy would judge <c>get</c>, and the upstream be sent GET.</summary>
    MethodCase,

    /// <summary>An encoded slash on a route that does not keep it.</summary>
    EncodedSlash,

    /// <summary>Two ways to read the path lead to two routes.</summary>
    AmbiguousPath,

    /// <summary>A service worker's script below the reserved path: it would own Doorward's pages.</summary>
    ServiceWorker,

    /// <summary>A switch to a protocol that the route does not allow.</summary>
    UpgradeNotAllowed,

    /// <summary>The host's TLS parameters differ from this connection's.</summary>
    Misdirected,
}

internal static class Defects
{
    public static int Status(this Defect defect) => defect switch
    {
        Defect.MethodNotOffered => StatusCodes.Status405MethodNotAllowed,
        Defect.Expectation => StatusCodes.Status417ExpectationFailed,
        Defect.ServiceWorker or Defect.UpgradeNotAllowed => StatusCodes.Status403Forbidden,
        Defect.Misdirected => StatusCodes.Status421MisdirectedRequest,
        _ => StatusCodes.Status400BadRequest,
    };

    /// <summary>As logs and audit records write it: <c>dot-segment</c>.</summary>
    public static string Code(this Defect defect) =>
        string.Concat(defect.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString()));

    /// <summary>Answers with the status and the code alone: whoever sends such a request is a program, and no page would help it.</summary>
    public static Task RejectAsync(HttpContext context, Defect defect)
    {
        var response = context.Response;
        response.StatusCode = defect.Status();
        response.Headers.CacheControl = "no-store";
        // The two sides may disagree about where the next request begins, or this connection can never serve the host.
        if (defect is Defect.TransferEncoding or Defect.TwoLengths or Defect.UpgradeWithBody or Defect.HeaderName or Defect.HeaderValue or Defect.Misdirected)
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(defect.Code());
    }
}
