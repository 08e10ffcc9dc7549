using System.Collections.Frozen;
using System.Net.Http.Headers;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Writes the response's headers: the upstream's, but for what belongs to its connection or to Doorward, then the route's.</summary>
internal static class ResponseHeaders
{
    private static readonly FrozenSet<string> Dropped = new[]
    {
        // Hop by hop (RFC 9110, 7.6.1).
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te", "proxy-authenticate", "proxy-authentication-info",
        // Would lead browsers past Doorward, to a port of the upstream's choice.
        "alt-svc",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string OurPrefix = Product.HeaderPrefix.ToLowerInvariant();

    public static void Write(Exchange exchange, HttpContext context, HttpResponseMessage response)
    {
        var to = context.Response.Headers;
        var named = ConnectionNames(response.Headers);
        Copy(response.Headers, to, named);
        Copy(response.Content.Headers, to, named);
        // RFC 9112, 6.1: Transfer-Encoding overrides a Content-Length beside it. RFC 9110, 8.6: 1xx and 204 have none.
        if (response.Headers.NonValidated.Contains(HeaderNames.TransferEncoding) || (int)response.StatusCode is < 200 or 204 or 205)
            to.ContentLength = null;
        foreach (var rewrite in exchange.Plan.Route.Headers.RewriteResponse)
            Rewrite(to, rewrite);
        foreach (var (name, template) in exchange.Plan.SetResponse)
        {
            if (Fill.Template(template, exchange, context) is { } value && !value.AsSpan().ContainsAny('\r', '\n', '\0'))
                to[name] = value;
        }
    }

    public static void WriteTrailers(HttpContext context, HttpResponseMessage response)
    {
        if (context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            Copy(response.TrailingHeaders, trailers, []);
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, string[] connection)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            // Ours stands, where we have said it.
            if (name.Equals(HeaderNames.StrictTransportSecurity, StringComparison.OrdinalIgnoreCase) && to.ContainsKey(name))
                continue;
            if (Dropped.Contains(name) || FoldedName.StartsWith(name, OurPrefix) || (connection.Length > 0 && connection.Contains(name, StringComparer.OrdinalIgnoreCase)))
                continue;
            var copied = values.Count == 1 ? new StringValues(values.ToString()) : new StringValues([.. values]);
            if (name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase))
                copied = Foreign(copied);
            if (copied.Count > 0)
                to[name] = to.TryGetValue(name, out var present) ? StringValues.Concat(present, copied) : copied;
        }
    }

    private static string[] ConnectionNames(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(HeaderNames.Connection, out var values) && values.ToString() is var text and not ("keep-alive" or "close")
            ? text.Split(',', StringSplitOptions.TrimEntries)
            : [];

    private static StringValues Foreign(StringValues cookies)
    {
        foreach (var cookie in cookies)
        {
            if (OurCookies.Sets(cookie))
                return new StringValues([.. cookies.Where(other => !OurCookies.Sets(other))]);
        }

        return cookies;
    }

    private static void Rewrite(IHeaderDictionary headers, ResponseHeaderRewrite rewrite)
    {
        if (headers.TryGetValue(rewrite.Header, out var values))
        {
            headers[rewrite.Header] = new StringValues([.. values.Select(value =>
                value?.StartsWith(rewrite.Prefix, StringComparison.Ordinal) == true ? rewrite.Value + value[rewrite.Prefix.Length..] : value)]);
        }
    }
}
