using System.Diagnostics;
using Doorward.Policy;
using Doorward.Server.Identity.Assertions;

namespace Doorward.Server.Proxy;

/// <summary>What the rooms before found out about a request that may pass.</summary>
internal readonly record struct ForwardRequest
{
    public required RequestHead Head { get; init; }

    public required ClientOrigin Origin { get; init; }

    public IdentityHeaders Identity { get; init; } = IdentityHeaders.None;

    public CertificateFacts? Certificate { get; init; }

    /// <summary>Keeps a session with one destination, where the route balances so.</summary>
    public string? SessionId { get; init; }

    /// <summary>Whether Doorward took the Authorization header as its own credential; the upstream then does not get it.</summary>
    public bool AuthorizationUsed { get; init; }

    /// <summary>The span of the way to the upstream, where the request is traced; it then stands in the place of the client's.</summary>
    public Activity? Trace { get; init; }

    public ForwardRequest()
    {
    }
}
