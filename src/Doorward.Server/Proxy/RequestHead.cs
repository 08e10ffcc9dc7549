using Doorward.Server.Proxy.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Proxy;

/// <summary>The host and the target of a request, read once, before anything is looked up.</summary>
internal readonly struct RequestHead
{
    public required RequestHost Host { get; init; }

    public required RequestTarget Target { get; init; }

    /// <summary>Reads the request's head and checks everything that needs no configuration: the framing, the headers, the host, the target.</summary>
    public static Refusal Read(HttpContext context, out RequestHead head)
    {
        head = default;
        var request = context.Request;
        var refusal = HeaderCheck.Check(request);
        if (refusal != Refusal.None)
            return refusal;
        if (HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true)
            return Refusal.Connect;
        if (request.Headers.Host is not [var written])
            return Refusal.HostMissing;
        refusal = RequestHost.Parse(written, request.IsHttps, out var host);
        if (refusal != Refusal.None)
            return refusal;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (raw.Length > 0 && raw[0] != '/')
        {
            refusal = FromAbsoluteForm(request, host, ref raw);
            if (refusal != Refusal.None)
                return refusal;
        }

        refusal = RequestTarget.Parse(raw, out var target);
        if (refusal == Refusal.None && target.IsReserved && request.Headers.ContainsKey("Service-Worker"))
            refusal = Refusal.ServiceWorker;
        if (refusal != Refusal.None)
            return refusal;
        head = new RequestHead { Host = host, Target = target };
        return Refusal.None;
    }

    /// <summary>RFC 9112, 3.2.2: accepted, but only where it says what the Host header says, in the scheme that is spoken.</summary>
    private static Refusal FromAbsoluteForm(HttpRequest request, RequestHost host, ref string target)
    {
        var scheme = request.IsHttps ? "https://" : "http://";
        if (!HttpProtocol.IsHttp11(request.Protocol) || !target.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return Refusal.TargetForm;
        var rest = target.AsSpan(scheme.Length);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        if (RequestHost.Parse(authority.ToString(), request.IsHttps, out var named) != Refusal.None || named != host)
            return Refusal.AuthorityMismatch;
        var tail = end < 0 ? [] : rest[end..];
        target = tail.StartsWith("/") ? tail.ToString() : string.Concat("/", tail);
        return Refusal.None;
    }
}
