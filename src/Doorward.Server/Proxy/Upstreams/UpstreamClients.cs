using System.Collections.Concurrent;
using System.Text;
using Doorward.Server.Routes;
using Yarp.ReverseProxy.Forwarder;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>
/// The HTTP clients: one for each way of speaking TLS, not one a route; each pools connections by address anyway. So a reload that
/// leaves an upstream's TLS alone keeps its connections.
/// </summary>
internal sealed class UpstreamClients : IForwarderHttpClientFactory, IDisposable
{
    /// <summary>The original product's limit for a connection to be made.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>After it a name is resolved again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Below the 60 s and 75 s after which Node, Apache and nginx close, so that we rarely write into a closing connection.</summary>
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromSeconds(45);

    /// <summary>KiB of an upstream's response headers or trailers; the HTTP client's default.</summary>
    private const int MaxResponseHeaders = 64;

    private readonly ConcurrentDictionary<UpstreamTls, Lazy<HttpMessageInvoker>> _clients = new();

    /// <summary>YARP asks for a cluster's client, to probe with it; set by <see cref="UpstreamHealth"/>.</summary>
    public Func<string, HttpMessageInvoker> OfCluster { get; set; } = id => throw new InvalidOperationException($"Nobody watches {id}.");

    public HttpMessageInvoker Of(UpstreamTls tls) => _clients.GetOrAdd(tls, key => new(() => Create(key))).Value;

    /// <summary>Forgets the clients that no upstream needs any more; what they still carry comes to its end.</summary>
    public void Keep(IReadOnlySet<UpstreamTls> needed)
    {
        foreach (var tls in _clients.Keys)
        {
            if (!needed.Contains(tls))
                _clients.TryRemove(tls, out _);
        }
    }

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => OfCluster(context.ClusterId);

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Value.Dispose();
    }

    private static HttpMessageInvoker Create(UpstreamTls tls) => new(new StreamingHandler(new SocketsHttpHandler
    {
        ConnectCallback = new UpstreamConnector(tls).ConnectAsync,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = IdleLifetime,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = TimeSpan.FromMinutes(1),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        MaxResponseHeadersLength = MaxResponseHeaders,
        // Costs 7 to 20 % of a request; where it is traced, RequestHeaders writes them.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // Kestrel reads request headers as UTF-8 and writes response headers as Latin-1: so both pass byte for byte.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    }), disposeHandler: true);
}
