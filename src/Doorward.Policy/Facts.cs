using System.Net;

namespace Doorward.Policy;

/// <summary>
/// What is known about one request when it is judged. A null part is «not known», which is neither true nor false:
/// see docs/policy.md. Made once a request and read only afterwards.
/// </summary>
public sealed class Facts
{
    /// <summary>The instant of the decision.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The route's name; locks on routes compare it.</summary>
    public string? Route { get; init; }

    /// <summary>The session of the person who asks; null without one.</summary>
    public SessionFacts? Session { get; init; }

    /// <summary>The person who asks; null without a session.</summary>
    public PersonFacts? Person { get; init; }

    /// <summary>The device that the session is bound to; null where none is known.</summary>
    public DeviceFacts? Device { get; init; }

    /// <summary>The HTTP request.</summary>
    public RequestFacts? Request { get; init; }

    /// <summary>The client's address, after trusted proxies. A v4-mapped v6 address equals the v4.</summary>
    public IPAddress? SourceIp { get; init; }

    /// <summary>The client's TLS certificate; null where none was shown.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>The parsed request to a Kubernetes API server.</summary>
    public KubernetesFacts? Kubernetes { get; init; }

    /// <summary>The last risk levels told.</summary>
    public RiskFacts? Risk { get; init; }

    /// <summary>Joined external records by type, each a map of field to value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, FactValue>>? Records { get; init; }

    /// <summary>The MCP call in the body.</summary>
    public McpFacts? Mcp { get; init; }

    /// <summary>The SSH sign-in.</summary>
    public SshFacts? Ssh { get; init; }

    /// <summary>The locks in force; none by default.</summary>
    public LockSet Locks { get; init; } = LockSet.None;
}
