using System.Buffers;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Proxy.Targets;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>Writes the request's headers: first what of the client's may go on, then ours. The only place that writes identity headers.</summary>
internal static class RequestHeaders
{
    private static readonly SearchValues<char> Unwritable = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c != '\t').Select(c => (char)c), '\u007F']);

    public static void Write(Exchange exchange, HttpContext context, HttpRequestMessage message)
    {
        Copy(exchange, context, message);
        WriteForwarded(exchange.Request, message);
        if (exchange.Request.Trace is { Id: { } id } trace)
            WriteTrace(id, trace.TraceStateString, message);
        WriteIdentity(exchange, message);
        foreach (var (name, template) in exchange.Plan.SetRequest)
        {
            if (Fill.Template(template, exchange, context) is { } value)
                Set(message, name, value);
        }

        WriteHost(exchange, context, message);
    }

    private static void Copy(Exchange exchange, HttpContext context, HttpRequestMessage message)
    {
        var headers = context.Request.Headers;
        var named = ConnectionNames(headers.Connection);
        var removed = exchange.Plan.Removed;
        foreach (var (name, values) in headers)
        {
            if (name[0] == ':' || (removed.Count > 0 && removed.Contains(name)) || (named is not null && named.Contains(name)))
                continue;
            switch (exchange.Scrub.FateOf(name))
            {
                case HeaderFate.Keep:
                    Add(exchange, message, name, values);
                    break;
                case HeaderFate.Cookie when OurCookies.Remove(values) is { } cookies:
                    message.Headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies);
                    break;
                case HeaderFate.Authorization when !exchange.Request.AuthorizationUsed && !OurCredentials.IsOurs(values):
                    Add(exchange, message, name, values);
                    break;
                case HeaderFate.Te when values.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase):
                    message.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
                    break;
                case HeaderFate.Forwarded:
                    message.Headers.TryAddWithoutValidation("Forwarded", ForwardedValue(exchange.Request));
                    break;
                case HeaderFate.RealIp:
                    message.Headers.TryAddWithoutValidation("X-Real-IP", exchange.Request.Origin.Address.ToString());
                    break;
                case HeaderFate.ForwardedPort:
                    message.Headers.TryAddWithoutValidation(
                        "X-Forwarded-Port", exchange.Request.Head.Host.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static void Add(Exchange exchange, HttpRequestMessage message, string name, StringValues values)
    {
        var added = values.Count == 1
            ? message.Headers.TryAddWithoutValidation(name, values[0])
            : message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (added)
            return;
        if (message.Content is { } body)
            body.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        else if (!name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase))
            exchange.KeepContentHeader(name, values);
    }

    /// <summary>RFC 9110, 7.6.1: what Connection names goes no further. What frames the message is not its business.</summary>
    private static HashSet<string>? ConnectionNames(StringValues connection)
    {
        HashSet<string>? names = null;
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan()[range].Trim();
                if (name.IsEmpty || Is(name, "keep-alive") || Is(name, "close") || Is(name, "upgrade") || Is(name, HeaderNames.ContentLength))
                    continue;
                (names ??= new(FoldedName.Comparer)).Add(name.ToString());
            }
        }

        return names;

        static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    private static void WriteForwarded(ForwardRequest request, HttpRequestMessage message)
    {
        var client = request.Origin.Address.ToString();
        var headers = message.Headers;
        headers.TryAddWithoutValidation("X-Forwarded-For", request.Origin.Hops.Length == 0 ? client : $"{client}, {request.Origin.Hops}");
        headers.TryAddWithoutValidation("X-Forwarded-Host", HostText(request));
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Origin.IsHttps ? "https" : "http");
    }

    // RFC 7239, 4 to 6: an IPv6 address is bracketed and quoted.
    private static string ForwardedValue(ForwardRequest request)
    {
        var address = request.Origin.Address.ToString();
        var client = address.Contains(':') ? $"\"[{address}]\"" : address;
        return $"for={client};host=\"{HostText(request)}\";proto={(request.Origin.IsHttps ? "https" : "http")}";
    }

    /// <summary>W3C Trace Context, 3.4: who takes part in a trace is the parent of what follows.</summary>
    private static void WriteTrace(string parent, string? state, HttpRequestMessage message)
    {
        message.Headers.Remove(HeaderNames.TraceParent);
        message.Headers.Remove(HeaderNames.TraceState);
        Set(message, HeaderNames.TraceParent, parent);
        if (state is { Length: > 0 })
            Set(message, HeaderNames.TraceState, state);
    }

    private static void WriteIdentity(Exchange exchange, HttpRequestMessage message)
    {
        var identity = exchange.Request.Identity;
        // The original product's assertion names another issuer: it is one of the values, where it is asked for.
        if (identity.Assertion is { } assertion && exchange.Plan.Route.Identity.Pass)
            Set(message, Product.HeaderPrefix + "Assertion", assertion);

        foreach (var (name, value) in identity.Values)
            Set(message, name, value);
    }

    /// <summary>A claim with a line break in it is not sent: it would be a header of its own.</summary>
    private static void Set(HttpRequestMessage message, string name, string value)
    {
        if (value.AsSpan().ContainsAny(Unwritable))
            return;
        if (!message.Headers.TryAddWithoutValidation(name, value))
            message.Content?.Headers.TryAddWithoutValidation(name, value);
    }

    private static void WriteHost(Exchange exchange, HttpContext context, HttpRequestMessage message)
    {
        var rewrite = exchange.Plan.Upstream.HostRewrite;
        message.Headers.Host = rewrite.Kind switch
        {
            HostRewriteKind.Preserve => HostText(exchange.Request),
            HostRewriteKind.Fixed => rewrite.Value,
            HostRewriteKind.FromHeader when exchange.Scrub.FateOf(rewrite.Value ?? "") == HeaderFate.Keep =>
                Checked(context.Request.Headers[rewrite.Value ?? ""].ToString()),
            HostRewriteKind.FromPath when rewrite.Pattern is { } pattern =>
                Checked(pattern.Replace(exchange.Request.Head.Target.PathText, rewrite.Value ?? "")),
            _ => null,
        };
    }

    /// <summary>Null, so that the destination's own host stands, where the text is no host.</summary>
    private static string? Checked(string text) => RequestHost.Parse(text, https: true, out _) == Defect.None ? text : null;

    private static string HostText(ForwardRequest request) => request.Head.Host.TextFor(request.Origin.IsHttps);
}
