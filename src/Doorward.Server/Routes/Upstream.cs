using System.Text.RegularExpressions;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes;

/// <summary>What stands behind a route, and how it is spoken to.</summary>
internal sealed record Upstream
{
    public required IReadOnlyList<Destination> Destinations { get; init; }

    public LoadBalancing LoadBalancing { get; init; } = LoadBalancing.RoundRobin;

    public UpstreamTls Tls { get; init; } = new();

    public HealthChecks? HealthChecks { get; init; }

    public PathRewrite? Rewrite { get; init; }

    public HostRewrite HostRewrite { get; init; } = new(HostRewriteKind.Destination);

    /// <summary>From the request's last byte to the response's first; null is no limit.</summary>
    public TimeSpan? Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a byte in either direction; null is no limit.</summary>
    public TimeSpan? IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public bool AllowWebSockets { get; init; } = true;

    public bool AllowSpdy { get; init; }
}

/// <summary>One server behind a route.</summary>
/// <param name="Address">http, https or h2c (HTTP/2 without TLS).</param>
/// <param name="Weight">Its share of requests; 1 by default.</param>
internal sealed record Destination(Uri Address, int Weight = 1)
{
    public bool PriorKnowledgeHttp2 => Address.Scheme == "h2c";
}

internal enum LoadBalancing
{
    RoundRobin,
    LeastRequest,
    Random,
    PowerOfTwoChoices,

    /// <summary>The same session goes to the same destination while it is healthy; without a session, the same client address does.</summary>
    [Alias("ring_hash")]
    [Alias("maglev")]
    Session,
}

/// <summary>TLS towards the upstream. Verified against the system's authorities by default.</summary>
internal sealed record UpstreamTls(
    string? ServerName = null,
    bool SkipVerify = false,
    string? CaPem = null,
    string? ClientCertificatePem = null,
    string? ClientKeyPem = null);

/// <summary>Active probes and passive observation.</summary>
internal sealed record HealthChecks(ActiveHealthCheck? Active = null, PassiveHealthCheck? Passive = null);

internal sealed record ActiveHealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int UnhealthyAfter);

internal sealed record PassiveHealthCheck(int FailuresInARow, TimeSpan EjectFor);

/// <summary>Changes the path before forwarding; the result passes the same check as a request's target.</summary>
internal sealed record PathRewrite(string? Prefix = null, Regex? Pattern = null, string? Substitution = null);

internal enum HostRewriteKind
{
    /// <summary>The upstream sees its own host.</summary>
    Destination,

    /// <summary>The upstream sees the host that was requested.</summary>
    Preserve,

    /// <summary>A fixed host.</summary>
    Fixed,

    /// <summary>The value of a request header.</summary>
    FromHeader,

    /// <summary>The path, by pattern and substitution.</summary>
    FromPath,
}

internal sealed record HostRewrite(HostRewriteKind Kind, string? Value = null, Regex? Pattern = null);
