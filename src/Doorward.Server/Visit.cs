using System.Diagnostics;
using Doorward.Policy;
using Doorward.Server.Identity;
using Doorward.Server.Identity.Assertions;
using Doorward.Server.Proxy;
using Doorward.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Doorward.Server;

/// <summary>One request on its way: what was read of it before anybody was asked about it.</summary>
internal sealed class Visit(HttpContext context, RequestHead head, ClientOrigin origin, Serving serving, Route? route, CertificateFacts? certificate)
{
    public HttpContext Context { get; } = context;

    public RequestHead Head { get; } = head;

    public ClientOrigin Origin { get; } = origin;

    public Serving Serving { get; } = serving;

    public Route? Route { get; } = route;

    public CertificateFacts? Certificate { get; } = certificate;

    /// <summary>When it was decided, by the injected clock's timestamp.</summary>
    public long Started { get; set; }

    public string Id => Context.TraceIdentifier;

    /// <summary>The URL that was asked for, as the client spelt its host.</summary>
    public string Url => string.Concat(Origin.IsHttps ? "https://" : "http://", Context.Request.Host.Value, Head.Target.Text);

    public RequestFacts Facts() => new()
    {
        Method = Context.Request.Method,
        Host = Head.Host.Name,
        Path = Head.Target.PathText,
        Header = name => HeaderValues(Context.Request, name),
        Query = name => QueryValues(Context.Request, name),
    };

    public ForwardRequest Forwarded(IdentityHeaders identity, Caller caller, Activity? trace) => new()
    {
        Head = Head,
        Origin = Origin,
        Identity = identity,
        Certificate = Certificate,
        SessionId = caller.Session?.Id,
        AuthorizationUsed = Callers.UsesAuthorization(Context.Request),
        Trace = trace,
    };

    private static IReadOnlyList<string> HeaderValues(HttpRequest request, string name) => Proxy.Headers.HeaderList.Of(request.Headers, name);

    private static string[] QueryValues(HttpRequest request, string name) => [.. request.Query[name].OfType<string>()];
}
