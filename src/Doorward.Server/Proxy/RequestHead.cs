using System.Buffers;
using Doorward.Server.Proxy.Headers;
using Doorward.Server.Proxy.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Doorward.Server.Proxy;

/// <summary>The host and the target of a request, read once, before anything is looked up.</summary>
internal readonly struct RequestHead
{
    private static readonly SearchValues<char> LowerCase = SearchValues.Create("abcdefghijklmnopqrstuvwxyz");

    public required RequestHost Host { get; init; }

    public required RequestTarget Target { get; init; }

    /// <summary>Reads the request's head and checks everything that needs no configuration: the framing, the headers, the host, the target.</summary>
    public static Defect Read(HttpContext context, out RequestHead head)
    {
        head = default;
        var request = context.Request;
        var defect = HeaderCheck.Check(request);
        if (defect != Defect.None)
            return defect;
        defect = CheckMethod(context);
        if (defect != Defect.None)
            return defect;
        if (request.Headers.Host is not [var written])
            return Defect.HostMissing;
        defect = RequestHost.Parse(written, request.IsHttps, out var host);
        if (defect != Defect.None)
            return defect;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (raw.Length > 0 && raw[0] != '/')
        {
            defect = FromAbsoluteForm(request, host, ref raw);
            if (defect != Defect.None)
                return defect;
        }

        defect = RequestTarget.Parse(raw, out var target);
        if (defect == Defect.None && target.IsReserved && request.Headers.ContainsKey("Service-Worker"))
            defect = Defect.ServiceWorker;
        if (defect != Defect.None)
            return defect;
        head = new RequestHead { Host = host, Target = target };
        return Defect.None;
    }

    private static Defect CheckMethod(HttpContext context)
    {
        var method = context.Request.Method;
        if (method.AsSpan().ContainsAny(LowerCase))
            return Defect.MethodCase;
        return HttpMethods.IsTrace(method)
            || (HttpMethods.IsConnect(method) && context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect != true)
            ? Defect.MethodNotOffered
            : Defect.None;
    }

    /// <summary>RFC 9112, 3.2.2: accepted, but only where it says what the Host header says, in the scheme that is spoken.</summary>
    private static Defect FromAbsoluteForm(HttpRequest request, RequestHost host, ref string target)
    {
        var scheme = request.IsHttps ? "https://" : "http://";
        if (!HttpProtocol.IsHttp11(request.Protocol) || !target.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return Defect.TargetForm;
        var rest = target.AsSpan(scheme.Length);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        if (RequestHost.Parse(authority.ToString(), request.IsHttps, out var named) != Defect.None || named != host)
            return Defect.AuthorityMismatch;
        var tail = end < 0 ? [] : rest[end..];
        target = tail.StartsWith("/") ? tail.ToString() : string.Concat("/", tail);
        return Defect.None;
    }
}
