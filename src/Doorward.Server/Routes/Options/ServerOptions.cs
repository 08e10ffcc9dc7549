using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>Where the server listens. An address without a host, such as `:443`, is every address of the machine; port 0 is any free one.</summary>
[Section("«listeners»")]
internal sealed record ListenerOptions : Section
{
    /// <summary>HTTPS for people and programs.</summary>
    [Key(Example = "\":443\"", Default = "none; at least one of https and insecure_http must be there")]
    public ListenAddress? Https { get; init; }

    /// <summary>HTTP that answers everything with a redirect to https.</summary>
    [Key(Example = "\":80\"", Default = "none")]
    public ListenAddress? HttpRedirect { get; init; }

    /// <summary>HTTP without TLS, where a proxy in front ends TLS, or for trying out. Whoever can reach it can read and change what passes.</summary>
    [Key(Example = "127.0.0.1:8080", Default = "none")]
    public ListenAddress? InsecureHttp { get; init; }

    /// <summary>Health for load balancers and orchestrators: `/healthz`, `/readyz`, `/startupz`.</summary>
    [Key(Example = "127.0.0.1:28080", Origin = "The original product's address.")]
    public ListenAddress? Health { get; init; } = new(System.Net.IPAddress.Loopback, 28080);

    /// <summary>Metrics in Prometheus format.</summary>
    [Key(Example = "127.0.0.1:9090", Default = "none")]
    public ListenAddress? Metrics { get; init; }

    /// <summary>The path of the Unix socket on which the server's own commands reach it. Only the server's user may open it.</summary>
    [Key(Path = true, Example = "/run/doorward/admin.sock", Default = "`admin.sock` beside the SQLite file; `/run/doorward/admin.sock` with PostgreSQL")]
    public string? AdminSocket { get; init; }
}

/// <summary>A certificate of the server.</summary>
[Section("a certificate")]
internal sealed record CertificateOptions : Section
{
    /// <summary>A PEM file with the certificate, followed by its intermediates.</summary>
    [Key(Required = true, Example = "/etc/doorward/tls.crt")]
    public FileText? Cert { get; init; }

    /// <summary>A PEM file with the private key, without a passphrase.</summary>
    [Key(Required = true, Example = "/etc/doorward/tls.key")]
    public FileText? Key { get; init; }
}

/// <summary>The store: exactly one of its keys.</summary>
[Section("«store»")]
internal sealed record StoreOptions : Section
{
    /// <summary>The path of a SQLite file, for one node. It is made where it is missing.</summary>
    [Key(Path = true, Example = "/var/lib/doorward/doorward.db")]
    public string? Sqlite { get; init; }

    /// <summary>A connection to PostgreSQL, for any number of nodes: key-value form or URL.</summary>
    [Key(Example = "Host=db.example.com;Database=doorward;Username=doorward;Password=...;SSL Mode=VerifyFull")]
    public Secret? Postgres { get; init; }

    /// <summary>Whether PostgreSQL tells the nodes at once of what changed (LISTEN). Off behind a pooler that shares connections between transactions, such as PgBouncer in transaction mode: then each node looks every 100 ms, and no statement is kept prepared.</summary>
    [Key(Example = "false")]
    public bool Listen { get; init; } = true;
}

/// <summary>How long people stay signed in.</summary>
[Section("«session»")]
internal sealed record SessionOptions : Section
{
    /// <summary>From signing in to having to sign in again, however busy.</summary>
    [Key(Example = "14h", Min = "1m", Max = "8784h", Origin = "The original product's default: one working day, however long.")]
    public TimeSpan Absolute { get; init; } = TimeSpan.FromHours(14);

    /// <summary>Without any request or any byte from the client, to having to sign in again; exact to one minute. 0 is no limit.</summary>
    [Key(Example = "2h", Default = "no limit")]
    public TimeSpan Idle { get; init; }
}

/// <summary>How old facts may be.</summary>
[Section("«staleness»")]
internal sealed record StalenessOptions : Section
{
    /// <summary>The oldest facts on which a request is still allowed when the store cannot be reached. Beyond, requests get 503, and open streams are held.</summary>
    [Key(Example = "10s", Min = "2s", Max = "15m", Origin = "A failover of PostgreSQL by its usual tools takes less.")]
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an open stream is held, so that no byte passes, before it is cut.</summary>
    [Key(Example = "1m", Min = "0s", Max = "15m", Origin = "Longer than a failover, shorter than most clients wait in silence.")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What no route's own `limit` may exceed.</summary>
    [Key(Example = "1m", Min = "2s", Max = "15m")]
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>The server's own log, on standard error.</summary>
[Section("«log»")]
internal sealed record LogOptions : Section
{
    /// <summary>The least important lines that are written.</summary>
    [Key(Example = "debug")]
    public LogLevelOption Level { get; init; } = LogLevelOption.Info;

    /// <summary>Lines for machines or for people.</summary>
    [Key(Example = "text")]
    public LogFormat Format { get; init; }
}

internal enum LogLevelOption
{
    Debug,
    Info,
    Warn,
    Error,
}

internal enum LogFormat
{
    Json,
    Text,
}
