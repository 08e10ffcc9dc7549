using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server.Proxy.Headers;

/// <summary>
/// What Kestrel lets through and another server might read differently. Behind or before a proxy that does, each of them is material
/// for smuggling; so all of them are refused, though RFC 9112 allows to mend some.
/// </summary>
internal static class HeaderCheck
{
    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // RFC 9110, 5.5: CTL but for the tab.
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014"
        + "\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\u007F");

    public static Defect Check(HttpRequest request)
    {
        var headers = request.Headers;
        var defect = HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol)
            ? CheckMultiplexed(headers)
            : CheckHttp1(request);
        if (defect != Defect.None)
            return defect;
        if (headers.Expect is { Count: > 0 } expect && (expect.Count > 1 || !EqualsIgnoreCase(expect[0], "100-continue")))
            return Defect.Expectation;
        foreach (var (name, values) in headers)
        {
            if (name.Length == 0 || (name.AsSpan().ContainsAnyExcept(Token) && name[0] != ':'))
                return Defect.HeaderName;
            foreach (var value in values)
            {
                if (value.AsSpan().ContainsAny(Controls))
                    return Defect.HeaderValue;
            }
        }

        return Defect.None;
    }

    private static Defect CheckHttp1(HttpRequest request)
    {
        var headers = request.Headers;
        var encoding = headers.TransferEncoding;
        if (encoding.Count > 0)
        {
            if (encoding.Count > 1 || !EqualsIgnoreCase(encoding[0], "chunked") || !HttpProtocol.IsHttp11(request.Protocol))
                return Defect.TransferEncoding;
            // Kestrel renames a Content-Length beside it (RFC 9112, 6.1) to X-Content-Length.
            if (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length"))
                return Defect.TwoLengths;
        }

        return headers.Upgrade.Count > 0 && (encoding.Count > 0 || headers.ContentLength > 0) && Switching.Names(headers.Upgrade.ToString())
            ? Defect.UpgradeWithBody
            : Defect.None;
    }

    private static Defect CheckMultiplexed(IHeaderDictionary headers)
    {
        if (headers.TransferEncoding.Count > 0)
            return Defect.TransferEncoding;
        return headers.Connection.Count > 0 || headers.KeepAlive.Count > 0 || headers.Upgrade.Count > 0
            || headers.ContainsKey("Proxy-Connection") || (headers.TE.Count > 0 && !EqualsIgnoreCase(headers.TE.ToString(), "trailers"))
            ? Defect.ConnectionHeader
            : Defect.None;
    }

    private static bool EqualsIgnoreCase(string? value, string expected) => string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);
}
