using System.Net;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>The whole configuration, as the operator wrote it.</summary>
[Section("the configuration")]
internal sealed record ConfigurationOptions : SharedOptions
{
    /// <summary>
    /// Doorward's own address, where people sign in and see their portal. Scheme, host and port only. No route may stand on this
    /// host. With http instead of https, which is for trying out, cookies lose their strongest protection.
    /// </summary>
    [Key(Required = true, Example = "https://door.example.com")]
    public Uri? Url { get; init; }

    /// <summary>Further files to read, by paths or patterns with * and ?, relative to this file. They may hold policies, guardrails, identity_providers and routes. Read in the order of their names.</summary>
    [Key(Example = "[ routes.d/*.yaml ]")]
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Where the server listens.</summary>
    [Key(Example = "{ https: \":443\", http_redirect: \":80\" }")]
    public ListenerOptions Listeners { get; init; } = new();

    /// <summary>The server's certificates. The one that names the requested host is shown. Where none does, the connection ends; a client that names no host sees the first. A changed file is taken up without a restart.</summary>
    [Key(Example = "[ { cert: /etc/doorward/tls.crt, key: /etc/doorward/tls.key } ]", Default = "none")]
    public IReadOnlyList<CertificateOptions> Certificates { get; init; } = [];

    /// <summary>The proxies in front whose word about the client's address and scheme is believed. Everybody else's is discarded.</summary>
    [Key(Example = "[ 10.0.0.0/8, 192.0.2.7 ]", Default = "none")]
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Where sessions and everything else that must outlive a restart are kept.</summary>
    [Key(Required = true, Example = "{ sqlite: /var/lib/doorward/doorward.db }")]
    public StoreOptions Store { get; init; } = new();

    /// <summary>
    /// 32 random bytes in base64, from which the keys that protect stored secrets are made: `openssl rand -base64 32`. The same on
    /// every node. Whoever has it and the store can read the stored secrets; without it they are lost.
    /// </summary>
    [Key(Required = true, Example = "OUTPUT-OF-OPENSSL-RAND")]
    public Secret? RootKey { get; init; }

    /// <summary>How long people stay signed in.</summary>
    [Key(Example = "{ absolute: 14h, idle: 2h }")]
    public SessionOptions Session { get; init; } = new();

    /// <summary>Who may use the administration: names of policies, or a policy.</summary>
    [Key(Example = "{ allow: { and: [ { groups: { has: doorward-admins } } ] } }", Default = "nobody")]
    public PolicyChoice? Admins { get; init; }

    /// <summary>Directories that tell by SCIM 2.0 who is there, in which groups, and until when.</summary>
    [Key(Example = "[ { name: okta, provider: corp, token_file: /etc/doorward/scim.token } ]", Default = "none")]
    public IReadOnlyList<ScimOptions> Scim { get; init; } = [];

    /// <summary>Transmitters of security events (CAEP, RISC): who tells that a session, a person or a device is no longer what it was.</summary>
    [Key(Example = "[ { name: okta, providers: [ corp ], issuer: \"https://example.okta.com\" } ]", Default = "none")]
    public IReadOnlyList<SignalOptions> Signals { get; init; } = [];

    /// <summary>Sources that tell by signed webhooks which devices are in order.</summary>
    [Key(Example = "[ { name: fleet, kind: fleet, provider: corp, secret_file: /etc/doorward/fleet.secret } ]", Default = "none")]
    public IReadOnlyList<PostureOptions> Posture { get; init; } = [];

    /// <summary>Client certificates.</summary>
    [Key(Example = "{ ca_file: /etc/doorward/clients.pem, enforcement: policy }")]
    public MutualTlsOptions DownstreamMtls { get; init; } = new();

    /// <summary>What a client may send at most.</summary>
    [Key(Example = "{ header_timeout: 10s }")]
    public LimitOptions Limits { get; init; } = new();

    /// <summary>How old facts may be when a decision is made on them.</summary>
    [Key(Example = "{ limit: 10s }")]
    public StalenessOptions Staleness { get; init; } = new();

    /// <summary>The audit trail: what was decided, and why.</summary>
    [Key(Example = "{ folder: /var/lib/doorward/audit, space: 4GiB }")]
    public TrailOptions Audit { get; init; } = new();

    /// <summary>Metrics and traces, sent to OpenTelemetry collectors.</summary>
    [Key(Example = "{ traces: { url: \"http://127.0.0.1:4318/v1/traces\" } }")]
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>The server's own log, on standard error.</summary>
    [Key(Example = "{ level: info }")]
    public LogOptions Log { get; init; } = new();

    /// <summary>Also speaks to upstreams as another product does, for apps that already read its headers.</summary>
    [Key(Example = "pomerium")]
    public Compatibility Compatibility { get; init; }
}

internal enum Compatibility
{
    None,

    /// <summary>The assertion is also sent as X-Pomerium-Jwt-Assertion, and claims as that product's claim headers.</summary>
    Pomerium,
}
