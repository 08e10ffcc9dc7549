using System.Globalization;
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

    /// <summary>The same for upstreams that are reached in the same way, so that a reload keeps what it does not change.</summary>
    public static string IdOf(Upstream upstream)
    {
        var id = new StringBuilder().Append(upstream.LoadBalancing);
        foreach (var destination in upstream.Destinations)
            id.Append(CultureInfo.InvariantCulture, $" {destination.Address.AbsoluteUri},{destination.Weight}");
        id.Append(CultureInfo.InvariantCulture, $" tls {upstream.Tls.GetHashCode()} {upstream.HealthChecks?.Active} {upstream.HealthChecks?.Passive}");
        return id.ToString();
    }
}
