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

/// <summary>How and when the person signed in.</summary>
public sealed class SessionFacts
{
    /// <summary>The session's id.</summary>
    public required string Id { get; init; }

    /// <summary>When the person proved who they are, by the provider's word (<c>auth_time</c>); null where it said nothing.</summary>
    public DateTimeOffset? AuthTime { get; init; }

    /// <summary>The instant from which the session no longer counts; null for none known.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The provider's claims. Nested objects are joined with «/»: <c>realm_access/roles</c>.</summary>
    public IReadOnlyDictionary<string, FactValue> Claims { get; init; } = FactValue.NoFields;

    /// <summary>The authentication context class that the provider stated.</summary>
    public string? Acr { get; init; }

    /// <summary>The authentication methods that the provider stated; null where it said nothing.</summary>
    public IReadOnlyList<string>? Amr { get; init; }

    /// <summary>The name of the provider that they signed in with.</summary>
    public string? Provider { get; init; }

    /// <summary>
    /// The remedies whose flow has just returned without what was asked: they are not asked again
    /// (<c>step-up-failed</c>). None by default.
    /// </summary>
    public Remedies Failed { get; init; }
}

/// <summary>Who the person is.</summary>
public sealed class PersonFacts
{
    /// <summary>The person's id: one per provider and subject.</summary>
    public required string Id { get; init; }

    /// <summary>The e-mail address, verified or not.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the e-mail is the person's by the provider's word, or the provider is authoritative for its domain.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>The groups; null where no source has delivered them, empty where one said «none».</summary>
    public IReadOnlyList<GroupFact>? Groups { get; init; }

    /// <summary>Directory attributes.</summary>
    public IReadOnlyDictionary<string, FactValue> Attributes { get; init; } = FactValue.NoFields;

    /// <summary>False where a directory says that the person is inactive.</summary>
    public bool Active { get; init; } = true;

    /// <summary>The instant from which the person is denied everywhere; null for none.</summary>
    public DateTimeOffset? EndDate { get; init; }
}

/// <summary>A group, by any of the names that sources know it by.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, if known.</param>
/// <param name="Email">Its e-mail address, if it has one.</param>
public readonly record struct GroupFact(string Id, string? Name = null, string? Email = null);

/// <summary>The last known state of a device.</summary>
public sealed class DeviceFacts
{
    /// <summary>The device's id, or its credential's.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it complies; null where nobody has told.</summary>
    public bool? Compliant { get; init; }

    /// <summary>Whether an administrator approved it; null where nobody has told.</summary>
    public bool? Approved { get; init; }

    /// <summary>The types of credential that it has shown, such as <c>any</c> or <c>enclave_only</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Further attributes, as told by posture sources.</summary>
    public IReadOnlyDictionary<string, FactValue> Attributes { get; init; } = FactValue.NoFields;
}

/// <summary>The HTTP request in its normal form.</summary>
public sealed class RequestFacts
{
    /// <summary>The method, as sent.</summary>
    public required string Method { get; init; }

    /// <summary>The host, lower case, without port.</summary>
    public required string Host { get; init; }

    /// <summary>The path in its normal form.</summary>
    public required string Path { get; init; }

    /// <summary>Looks up a header's values by name, ignoring case; none where it was not sent.</summary>
    public Func<string, IReadOnlyList<string>> Header { get; init; } = static _ => [];

    /// <summary>Looks up a query parameter's values by name, unescaped; none where it was not sent.</summary>
    public Func<string, IReadOnlyList<string>> Query { get; init; } = static _ => [];
}

/// <summary>The certificate that the client showed.</summary>
public sealed class CertificateFacts
{
    /// <summary>SHA-256 of the certificate, lower-case hexadecimal without colons.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>SHA-256 of its public key information, base64.</summary>
    public string? SpkiHash { get; init; }

    /// <summary>Its e-mail names.</summary>
    public IReadOnlyList<string> SanEmail { get; init; } = [];

    /// <summary>Its DNS names.</summary>
    public IReadOnlyList<string> SanDns { get; init; } = [];

    /// <summary>Its URI names.</summary>
    public IReadOnlyList<string> SanUri { get; init; } = [];

    /// <summary>Whether it passed the checks that are configured (authority, depth, names, revocation).</summary>
    public bool Valid { get; init; }
}

/// <summary>A request to a Kubernetes API server, parsed as the server itself does.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection; the method in lower case for non-resource paths.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The resource, plural; empty for non-resource paths.</param>
/// <param name="Subresource">The subresource; empty for none.</param>
/// <param name="Namespace">The namespace; empty for none.</param>
/// <param name="Name">The object's name; empty for none.</param>
public sealed record KubernetesFacts(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name);

/// <summary>A level of risk, as told by a signal.</summary>
public enum RiskLevel
{
    /// <summary>Nothing unusual.</summary>
    Low,

    /// <summary>Unusual.</summary>
    Medium,

    /// <summary>Probably compromised.</summary>
    High,
}

/// <summary>The last risk levels told; null where nobody has told.</summary>
/// <param name="Person">About the person.</param>
/// <param name="Session">About the session.</param>
/// <param name="Device">About the device.</param>
public sealed record RiskFacts(RiskLevel? Person, RiskLevel? Session, RiskLevel? Device);

/// <summary>A Model Context Protocol message.</summary>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Tool">The tool's name; null where it is not a tool call.</param>
public sealed record McpFacts(string? Method, string? Tool);

/// <summary>An SSH sign-in.</summary>
/// <param name="Username">The user name asked for.</param>
/// <param name="PublicKey">The key shown, as in authorized_keys.</param>
/// <param name="CertificateAuthority">The authority that signed the certificate shown, as in authorized_keys; null for none.</param>
/// <param name="Principals">The certificate's principals.</param>
public sealed record SshFacts(string? Username, string? PublicKey, string? CertificateAuthority = null, IReadOnlyList<string>? Principals = null);
