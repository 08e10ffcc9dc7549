using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>A transmitter of security events (CAEP and RISC, by the Shared Signals Framework). It sends to `/.doorward/signals/NAME` on Doorward's own address.</summary>
[Section("a transmitter of signals")]
internal sealed record SignalOptions : Section
{
    /// <summary>A name of its own: lower-case letters, digits and dashes.</summary>
    [Key(Required = true, Example = "okta")]
    public string Name { get; init; } = "";

    /// <summary>The identity providers about whose people, sessions and devices it may speak; about nobody else's.</summary>
    [Key(Required = true, Example = "[ corp ]")]
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>The e-mail domains whose people it may name by their address; others it must name by issuer and subject.</summary>
    [Key(Example = "[ example.com ]", Default = "none")]
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Who its tokens say they are from, letter by letter.</summary>
    [Key(Required = true, Example = "https://example.okta.com")]
    public Uri? Issuer { get; init; }

    /// <summary>Whom its tokens say they are for: Doorward, as the stream's configuration calls it.</summary>
    [Key(Example = "https://door.example.com/signals", Default = "the address that it sends to")]
    public string? Audience { get; init; }

    /// <summary>Where its public keys are.</summary>
    [Key(Example = "https://example.okta.com/oauth2/v1/keys", Default = "what its metadata says (`/.well-known/ssf-configuration`)")]
    public Uri? Jwks { get; init; }

    /// <summary>The authorities that its certificate is checked against, instead of the system's.</summary>
    [Key(Example = "LS0tLS1CRUdJTi...", Default = "the system's")]
    public Pem? Ca { get; init; }

    /// <summary>The secret that it sends as a bearer token with every event, beside the signature; at least 32 characters.</summary>
    [Key(Example = "OUTPUT-OF-OPENSSL-RAND", Default = "none is asked for")]
    public Secret? Token { get; init; }

    /// <summary>The events that it may send, by the last part of their names; others are refused. What can give access (`account-enabled`, `token-claims-change`, `assurance-level-change`, `identifier-changed`, a device that complies again, a risk that is not high) has to be named.</summary>
    [Key(Example = "[ session-revoked, device-compliance-change ]", Default = "all that only take access away, or change nothing")]
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Asks the transmitter again and again to send something, so that silence is known from quiet.</summary>
    [Key(Example = "{ stream: 3f2c, token_file: /etc/doorward/okta.token, every: 5m }")]
    public VerificationOptions? Verification { get; init; }

    /// <summary>Without any event for so long it counts as silent: there is an alarm, and routes with `require_signals` refuse. 0 is never.</summary>
    [Key(Example = "15m", Default = "three times `verification.every`; never without it")]
    public TimeSpan? SilentAfter { get; init; }

    /// <summary>When silence is silence; null for never.</summary>
    public TimeSpan? Patience => (SilentAfter ?? Verification?.Every * 3) is { } patience && patience > TimeSpan.Zero ? patience : null;
}

/// <summary>How a transmitter is asked for a verification event.</summary>
[Section("«verification»")]
internal sealed record VerificationOptions : Section
{
    /// <summary>The stream's id at the transmitter.</summary>
    [Key(Required = true, Example = "3f2c")]
    public string Stream { get; init; } = "";

    /// <summary>The bearer token that its stream API wants.</summary>
    [Key(Required = true, Example = "TOKEN-OF-THE-STREAM-API")]
    public Secret? Token { get; init; }

    /// <summary>Where to ask.</summary>
    [Key(Example = "https://example.okta.com/ssf/verification", Default = "what its metadata says")]
    public Uri? Endpoint { get; init; }

    /// <summary>How often it is asked.</summary>
    [Key(Example = "1m", Min = "10s", Max = "24h", Origin = "Transmitters may refuse to be asked more often than every few minutes.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);
}
