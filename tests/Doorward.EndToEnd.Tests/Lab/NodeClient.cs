using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Doorward.Server.Tests.Lab;

namespace Doorward.EndToEnd.Tests.Lab;

/// <summary>What a request was answered.</summary>
internal sealed record Told(int Status, string Body);

/// <summary>A program that asks one node, whatever the address in the URL is; over TLS it trusts one authority.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient _http;

    public NodeClient(int port, string? authorityFile = null, string address = "127.0.0.1")
        : this(new IPEndPoint(IPAddress.Parse(address), port), authorityFile)
    {
    }

    private NodeClient(EndPoint node, string? authorityFile) => _http = new HttpClient(HandlerTo(node, authorityFile)) { Timeout = Eventually.Patience };

    /// <summary>What connects to this node alone, whatever the address in the URL is.</summary>
    public static SocketsHttpHandler HandlerTo(EndPoint node, string? authorityFile)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(node.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    if (node is IPEndPoint) socket.NoDelay = true;
                    await socket.ConnectAsync(node, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        if (authorityFile is not null) handler.SslOptions = Trusting(authorityFile);
        return handler;
    }

    /// <summary>A program on the node's own machine, which may administer.</summary>
    /// <param name="path">Of the node's Unix socket.</param>
    public static NodeClient OnSocket(string path) => new(new UnixDomainSocketEndPoint(path), null);

    public async Task<Told> AskAsync(Uri url, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Accept", "application/json");
        return await SendAsync(request);
    }

    public async Task<Told> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a stream of events.</summary>
    public async Task<Watcher> WatchAsync(Uri url, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Cookie", cookie }, { "Accept", "text/event-stream" } } };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? new Watcher(response)
            : throw new InvalidOperationException($"{url} is no stream of events.");
    }

    public void Dispose() => _http.Dispose();

    private static SslClientAuthenticationOptions Trusting(string authorityFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return new() { CertificateChainPolicy = policy };
    }
}
