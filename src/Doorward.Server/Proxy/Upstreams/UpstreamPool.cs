using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Doorward.Server.Routes;
using Yarp.ReverseProxy.Model;

namespace Doorward.Server.Proxy.Upstreams;

/// <summary>The destinations behind one or several routes, with the client that reaches them and what is known of their health.</summary>
internal sealed class UpstreamPool
{
    private readonly Balancer _balancer;
    private volatile ClusterState? _watched;

    public UpstreamPool(string id, Upstream upstream, HttpMessageInvoker client)
    {
        Id = id;
        Upstream = upstream;
        Client = client;
        Candidates = [.. upstream.Destinations.Select((destination, index) => new Candidate(destination, index))];
        _balancer = new Balancer(upstream.LoadBalancing, Candidates);
    }

    public string Id { get; }

    public Upstream Upstream { get; }

    public HttpMessageInvoker Client { get; }

    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>YARP's view, where health is watched.</summary>
    public ClusterState? Watched { get => _watched; set => _watched = value; }

    public Candidate Pick(string key) => _balancer.Pick(_watched, key);

    /// <summary>The same for upstreams that are reached in the same way, so that a reload keeps what it does not change. A hash holds keys, so they do not show.</summary>
    public static string IdOf(Upstream upstream)
    {
        var tls = upstream.Tls;
        var text = new StringBuilder();
        Add(text, upstream.LoadBalancing.ToString());
        foreach (var destination in upstream.Destinations)
            Add(text, string.Create(CultureInfo.InvariantCulture, $"{destination.Address.AbsoluteUri},{destination.Weight}"));
        foreach (var part in (string?[])[tls.ServerName, tls.SkipVerify.ToString(), tls.CaPem, tls.ClientCertificatePem, tls.ClientKeyPem])
            Add(text, part);
        Add(text, upstream.HealthChecks?.Active?.ToString());
        Add(text, upstream.HealthChecks?.Passive?.ToString());
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // The length stands before the text, so that no two lists of parts read alike.
    private static void Add(StringBuilder text, string? part) => text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part} ");
}
