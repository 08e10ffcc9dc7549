using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>What is asked of client certificates.</summary>
[Section("«downstream_mtls»")]
internal record ClientCertificateOptions : Section
{
    /// <summary>The authorities whose client certificates are valid. Without one, no client is asked for a certificate.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "none")]
    public Pem? Ca { get; init; }

    /// <summary>Revocation lists of those authorities. A list that is out of date makes every certificate of its authority invalid.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "none")]
    public Pem? Crl { get; init; }

    /// <summary>What follows from a missing or invalid certificate.</summary>
    [Key(Example = "policy")]
    public Enforcement Enforcement { get; init; }

    /// <summary>What of a valid certificate is the id of the device that shows it, at the provider where its person signed in.</summary>
    [Key(Example = "uri")]
    public DeviceFrom Device { get; init; }

    /// <summary>Names, at least one of which a certificate must carry: each entry is a type (dns, email, ip_address, uri or user_principal_name) and a regular expression over the whole name.</summary>
    [Key(Example = "[ { email: \".*@example[.]com\" } ]", Default = "any name")]
    public IReadOnlyList<SubjectAltNameOptions> MatchSubjectAltNames { get; init; } = [];

    /// <summary>The longest chain: 1 is a certificate signed by an authority of `ca` itself, and each intermediate adds one; 0 is no limit.</summary>
    [Key(Example = "2", Max = "10", Origin = "The original product's default.")]
    public int MaxVerifyDepth { get; init; } = 1;
}

/// <summary>Client certificates: for all hosts, and otherwise for some.</summary>
[Section("«downstream_mtls»")]
internal sealed record MutualTlsOptions : ClientCertificateOptions
{
    /// <summary>Hosts with settings of their own, which replace the general ones as a whole.</summary>
    [Key(Example = "[ { hosts: [ pay.example.com ], ca_file: /etc/doorward/pay.pem, enforcement: reject_connection } ]", Default = "none")]
    public IReadOnlyList<HostClientCertificateOptions> Hosts { get; init; } = [];
}

/// <summary>Client certificates for some hosts.</summary>
[Section("an entry of «hosts»")]
internal sealed record HostClientCertificateOptions : ClientCertificateOptions
{
    /// <summary>The hosts; `*.example.com` is one label.</summary>
    [Key(Required = true, Example = "[ pay.example.com ]")]
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

/// <summary>A name that a client certificate may carry: exactly one of its keys.</summary>
[Section("a name of a certificate")]
internal sealed record SubjectAltNameOptions : Section
{
    /// <summary>A DNS name.</summary>
    [Key(Example = "\".*[.]laptops[.]example[.]com\"")]
    public string? Dns { get; init; }

    /// <summary>An e-mail address.</summary>
    [Key(Example = "\".*@example[.]com\"")]
    public string? Email { get; init; }

    /// <summary>An IP address.</summary>
    [Key(Example = "\"10[.]1[.].*\"")]
    public string? IpAddress { get; init; }

    /// <summary>A URI, such as a SPIFFE id.</summary>
    [Key(Example = "\"spiffe://example[.]com/.*\"")]
    public string? Uri { get; init; }

    /// <summary>A user principal name, as Active Directory writes it.</summary>
    [Key(Example = "\".*@corp[.]example[.]com\"")]
    public string? UserPrincipalName { get; init; }
}

internal enum DeviceFrom
{
    /// <summary>Nothing: which device it is, the sign-in says.</summary>
    None,

    /// <summary>The certificate's SHA-256, in lower-case hexadecimal.</summary>
    Fingerprint,

    /// <summary>Its only URI name.</summary>
    Uri,

    /// <summary>Its only DNS name.</summary>
    Dns,

    /// <summary>Its only e-mail name.</summary>
    Email,
}

internal enum Enforcement
{
    /// <summary>Every route denies a client without a valid certificate.</summary>
    PolicyWithDefaultDeny,

    /// <summary>Only where a policy says so.</summary>
    Policy,

    /// <summary>The connection is refused in the TLS handshake.</summary>
    RejectConnection,
}
