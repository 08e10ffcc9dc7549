using System.Collections.ObjectModel;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>A way through Doorward: what it matches, who may pass, and where it leads.</summary>
[Section("a route")]
internal sealed record RouteOptions : Section
{
    /// <summary>A name of its own among all routes; the portal, logs and audit records show it.</summary>
    [Key(Example = "wiki", Default = "made from what the route matches, such as app.example.com/api")]
    public string? Name { get; init; }

    /// <summary>What the portal says under the name.</summary>
    [Key(Example = "The team's notes", Default = "nothing")]
    public string? Description { get; init; }

    /// <summary>The picture that the portal shows.</summary>
    [Key(Example = "https://cdn.example.com/wiki.png", Default = "none")]
    public Uri? LogoUrl { get; init; }

    /// <summary>Words to select the route by: guardrails use them.</summary>
    [Key(Example = "{ stage: production, team: docs }", Default = "none")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Scheme and host that people ask for. `*.example.com` is any one label. Without a port, any port matches.</summary>
    [Key(Required = true, Example = "https://wiki.example.com")]
    public string From { get; init; } = "";

    /// <summary>Matches a path and everything below it, by whole elements: `/api` matches `/api` and `/api/v1`, not `/apis`. Of several, the longest counts.</summary>
    [Key(Example = "/api", Default = "every path")]
    public string? Prefix { get; init; }

    /// <summary>Matches exactly this path.</summary>
    [Key(Example = "/favicon.ico")]
    public string? Path { get; init; }

    /// <summary>Matches the whole path. Tried after `path` and `prefix`, in the order of the file. No back references and no look-around: matching takes linear time.</summary>
    [Key(Example = "/v[0-9]+/.*")]
    public string? Regex { get; init; }

    /// <summary>Where requests are forwarded: http, https or h2c (HTTP/2 without TLS) without a path; one or several, each with an optional weight after a comma. Exactly one of `to`, `redirect` and `response` must be there.</summary>
    [Key(Example = "[ \"http://10.0.0.1:8080,3\", \"http://10.0.0.2:8080,1\" ]")]
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Answers with a redirect.</summary>
    [Key(Example = "{ host_redirect: new.example.com, response_code: 301 }")]
    public RedirectOptions? Redirect { get; init; }

    /// <summary>Answers with a fixed text.</summary>
    [Key(Example = "{ status: 410, body: Gone }")]
    public ResponseOptions? Response { get; init; }

    /// <summary>Who may pass: names of policies, all of which must allow, or a policy. A route without one, and without any of the shorthands below, lets nobody pass.</summary>
    [Key(Example = "[ staff, working-hours ]", Default = "nobody")]
    public PolicyChoice? Policy { get; init; }

    /// <summary>Shorthand: anybody may pass, signed in or not.</summary>
    [Key(Example = "true")]
    public bool AllowPublicUnauthenticatedAccess { get; init; }

    /// <summary>Shorthand: whoever is signed in may pass.</summary>
    [Key(Example = "true")]
    public bool AllowAnyAuthenticatedUser { get; init; }

    /// <summary>Shorthand: people whose verified e-mail is in one of these domains may pass.</summary>
    [Key(Example = "[ example.com ]", Default = "none")]
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>Shorthand: these people may pass, by verified e-mail or id.</summary>
    [Key(Example = "[ ada@example.com ]", Default = "none")]
    public IReadOnlyList<string> AllowedUsers { get; init; } = [];

    /// <summary>Shorthand: people with one of these claims may pass, each with the values that count.</summary>
    [Key(Example = "{ department: [ ops, docs ] }", Default = "none")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AllowedIdpClaims { get; init; } = ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Lets a browser's CORS preflight pass without signing in, because browsers send no cookies with it.</summary>
    [Key(Example = "true")]
    public bool CorsAllowPreflight { get; init; }

    /// <summary>Whether the denial page names the rule that refused.</summary>
    [Key(Example = "true")]
    public bool ShowErrorDetails { get; init; }

    /// <summary>Who, besides administrators, may ask why this route let somebody in or not: names of policies, or a policy.</summary>
    [Key(Example = "docs-team", Default = "nobody")]
    public PolicyChoice? Owners { get; init; }

    /// <summary>The identity provider to sign in with.</summary>
    [Key(Example = "corp", Default = "the person's choice")]
    public string? IdentityProvider { get; init; }

    /// <summary>What a path with %2F in it gets: 400, or forwarded as it is. With `keep`, %2F is part of a path element and never a border between two.</summary>
    [Key(Example = "keep")]
    public EncodedSlashes EncodedSlashes { get; init; }

    /// <summary>Replaces `prefix` at the beginning of the path.</summary>
    [Key(Example = "/", Default = "the path stays")]
    public string? PrefixRewrite { get; init; }

    /// <summary>What is replaced in the path, as a regular expression; with `regex_rewrite_substitution`.</summary>
    [Key(Example = "\"^/service/([^/]+)(/.*)$\"")]
    public string? RegexRewritePattern { get; init; }

    /// <summary>What stands instead; `\1` is what the first parentheses matched.</summary>
    [Key(Example = "'\\2/instance/\\1'")]
    public string? RegexRewriteSubstitution { get; init; }

    /// <summary>The Host header that the upstream gets.</summary>
    [Key(Example = "internal.example.com", Default = "the host of `to`")]
    public string? HostRewrite { get; init; }

    /// <summary>The request header whose value becomes the Host header.</summary>
    [Key(Example = "X-App-Host")]
    public string? HostRewriteHeader { get; init; }

    /// <summary>A regular expression over the path from which the Host header is made; with `host_path_regex_rewrite_substitution`.</summary>
    [Key(Example = "\"^/(.+)/.+$\"")]
    public string? HostPathRegexRewritePattern { get; init; }

    /// <summary>The Host header made of it; `\1` is what the first parentheses matched.</summary>
    [Key(Example = "'\\1'")]
    public string? HostPathRegexRewriteSubstitution { get; init; }

    /// <summary>Whether the upstream gets the Host header that the client sent.</summary>
    [Key(Example = "true")]
    public bool PreserveHostHeader { get; init; }

    /// <summary>From the request's last byte to the response's first. 0 is no limit.</summary>
    [Key(Example = "1m", Origin = "The original product's default.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Without a byte in either direction, after which the connection is closed. 0 is no limit.</summary>
    [Key(Example = "1h", Origin = "The original product's default.")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old facts may be on this route when the store cannot be reached, and for how long its open streams are then held.</summary>
    [Key(Example = "{ limit: 5s, grace: 10s }", Default = "the server's `staleness`")]
    public RouteStalenessOptions? Staleness { get; init; }

    /// <summary>Transmitters of `signals` that must be heard: while one is silent, paused or disabled the route refuses with 503, and what is open is held.</summary>
    [Key(Example = "[ okta ]", Default = "none")]
    public IReadOnlyList<string> RequireSignals { get; init; } = [];

    /// <summary>Whether WebSockets may be opened.</summary>
    [Key(Example = "false")]
    public bool AllowWebsockets { get; init; } = true;

    /// <summary>Whether SPDY/3.1 upgrades pass, which older kubectl uses.</summary>
    [Key(Example = "true")]
    public bool AllowSpdy { get; init; }

    /// <summary>Request headers to set; a value may hold templates such as `${doorward.jwt}`, and `$$` is one `$`. Whatever the client sends under these names is removed, on all routes.</summary>
    [Key(Example = "{ X-Tenant: docs }", Default = "none")]
    public IReadOnlyDictionary<string, string> SetRequestHeaders { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Request headers to remove.</summary>
    [Key(Example = "[ X-Debug ]", Default = "none")]
    public IReadOnlyList<string> RemoveRequestHeaders { get; init; } = [];

    /// <summary>Response headers to set; templates as in `set_request_headers`.</summary>
    [Key(Example = "{ X-Frame-Options: DENY }", Default = "none")]
    public IReadOnlyDictionary<string, string> SetResponseHeaders { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Response headers whose beginning is replaced.</summary>
    [Key(Example = "[ { header: Location, prefix: \"http://internal/\", value: \"https://wiki.example.com/\" } ]", Default = "none")]
    public IReadOnlyList<HeaderRewriteOptions> RewriteResponseHeaders { get; init; } = [];

    /// <summary>Whether the upstream gets the signed assertion of who asks.</summary>
    [Key(Example = "false")]
    public bool PassIdentityHeaders { get; init; } = true;

    /// <summary>Headers that carry a fact (email, name, user, groups, sub) or a claim, for apps without a login of their own. Whatever the client sends under these names is removed, on all routes.</summary>
    [Key(Example = "{ X-WEBAUTH-USER: email, X-WEBAUTH-GROUPS: groups }", Default = "none")]
    public IReadOnlyDictionary<string, string> IdentityHeaders { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Claims that join the assertion and are sent as headers too: a mapping from header to claim, or claims alone, which then come as X-Doorward-Claim-NAME.</summary>
    [Key(Example = "{ X-Department: department }", Default = "none")]
    public ClaimHeaders? JwtClaimsHeaders { get; init; }

    /// <summary>The groups that the assertion names, of those that the person is in.</summary>
    [Key(Example = "[ sre, docs ]", Default = "those that the allow rules name")]
    public IReadOnlyList<string>? AssertionGroups { get; init; }

    /// <summary>How requests are spread over several `to`.</summary>
    [Key(Example = "least_request")]
    public LoadBalancing LoadBalancingPolicy { get; init; }

    /// <summary>Asks each `to` regularly whether it is well; one entry.</summary>
    [Key(Example = "[ { http_health_check: { path: /healthz }, interval: 10s } ]", Default = "none")]
    public IReadOnlyList<HealthCheckOptions> HealthChecks { get; init; } = [];

    /// <summary>Leaves out a `to` that fails requests.</summary>
    [Key(Example = "{ consecutive_5xx: 5, base_ejection_time: 30s }", Default = "none is left out")]
    public OutlierDetectionOptions? OutlierDetection { get; init; }

    /// <summary>The authorities that the upstream's certificate is checked against, instead of the system's.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "the system's")]
    public Pem? TlsCustomCa { get; init; }

    /// <summary>The certificate shown to the upstream; with `tls_client_key`.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "none")]
    public Pem? TlsClientCert { get; init; }

    /// <summary>Its private key.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "none")]
    public Pem? TlsClientKey { get; init; }

    /// <summary>The name that the upstream's certificate must carry, sent as server name too.</summary>
    [Key(Example = "internal.example.com", Default = "the host of `to`")]
    public string? TlsUpstreamServerName { get; init; }

    /// <summary>Does not check the upstream's certificate: anybody between can read and change everything. For trying out.</summary>
    [Key(Example = "true")]
    public bool TlsSkipVerify { get; init; }
}

internal enum EncodedSlashes
{
    Reject,
    Keep,
}
