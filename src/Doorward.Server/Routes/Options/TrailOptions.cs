using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>The audit trail.</summary>
[Section("«audit»")]
internal sealed record TrailOptions : Section
{
    /// <summary>The folder in which records wait until they are in the store and wherever else they go; on a disk of this machine, one process at a time.</summary>
    [Key(Path = true, Example = "/var/lib/doorward/audit", Default = "`audit` beside the SQLite file; `/var/lib/doorward/audit` with PostgreSQL")]
    public string? Folder { get; init; }

    /// <summary>What records may take there while they cannot go on. When it is full, guarded requests are refused.</summary>
    [Key(Example = "4GiB", Min = "4MiB", Origin = "Over a million records.")]
    public ByteSize Space { get; init; } = new(1L << 30);

    /// <summary>Whether each answer waits until its record is on the disk. Then not even a loss of power loses one, and every request waits for the disk.</summary>
    [Key(Example = "true")]
    public bool Strict { get; init; }

    /// <summary>How many days records are kept in the store. Older ones are dropped, a whole day (UTC) at a time, and the rest still verifies.</summary>
    [Key(Example = "90", Min = "1", Max = "36500", Origin = "A year, and a month in which to look at it.")]
    public int KeepDays { get; init; } = 396;

    /// <summary>Signed notes of where the trail stands, kept where nobody who holds the store can change them.</summary>
    [Key(Example = "{ file: /mnt/worm/doorward.checkpoints }")]
    public CheckpointOptions Checkpoints { get; init; } = new();

    /// <summary>Whether each record is also written to the standard output, as a line of JSON.</summary>
    [Key(Example = "false")]
    public bool Stdout { get; init; } = true;

    /// <summary>A file to which each record is also added, as a line of JSON. It may be moved away at any time; a new one is then begun.</summary>
    [Key(Example = "/var/log/doorward/audit.jsonl", Default = "none")]
    public string? File { get; init; }

    /// <summary>A syslog receiver to which each record is also sent.</summary>
    [Key(Example = "{ url: \"tls://logs.example.com:6514\" }", Default = "none")]
    public SyslogReceiverOptions? Syslog { get; init; }

    /// <summary>An OpenTelemetry collector to which each record is also sent, as a log record.</summary>
    [Key(Example = "{ url: \"http://127.0.0.1:4318/v1/logs\" }", Default = "none")]
    public CollectorOptions? Otlp { get; init; }
}

/// <summary>Signed notes of where the audit trail stands.</summary>
[Section("«checkpoints»")]
internal sealed record CheckpointOptions : Section
{
    /// <summary>How often one is signed, if anything was recorded since: for so long could a rewrite of the newest records go unseen.</summary>
    [Key(Example = "10s", Min = "1s", Max = "24h", Origin = "A few hundred bytes each.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A file to which each is added as a line: on a file system that only adds, or on another machine.</summary>
    [Key(Example = "/mnt/worm/doorward.checkpoints", Default = "none")]
    public string? File { get; init; }

    /// <summary>A bucket with object lock, at Amazon or anything that speaks its protocol. Each becomes an object of its own.</summary>
    [Key(Example = "{ bucket: https://s3.eu-central-1.amazonaws.com/my-audit, region: eu-central-1, access_key: AKIA..., secret_key_file: /run/secrets/s3 }", Default = "none")]
    public BucketOptions? S3 { get; init; }
}

/// <summary>A bucket with object lock.</summary>
[Section("a bucket")]
internal sealed record BucketOptions : Section
{
    /// <summary>Its URL, with the bucket in the path.</summary>
    [Key(Required = true, Example = "https://s3.eu-central-1.amazonaws.com/my-audit")]
    public Uri? Bucket { get; init; }

    /// <summary>The region that it is in.</summary>
    [Key(Required = true, Example = "eu-central-1")]
    public string? Region { get; init; }

    /// <summary>The id of the access key. It needs no right but to put objects with a retention.</summary>
    [Key(Required = true, Example = "AKIAIOSFODNN7EXAMPLE")]
    public string? AccessKey { get; init; }

    /// <summary>The access key's secret.</summary>
    [Key(Required = true, Example = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    public Secret? SecretKey { get; init; }

    /// <summary>What stands before each object's name.</summary>
    [Key(Example = "audit/")]
    public string Prefix { get; init; } = "checkpoints/";

    /// <summary>For how many days nobody, the bucket's owner included, can remove an object.</summary>
    [Key(Example = "400", Min = "1", Max = "36500", Origin = "Ten years.")]
    public int RetainDays { get; init; } = 3653;
}

/// <summary>A syslog receiver. Records go there by RFC 5424 over TLS (RFC 5425).</summary>
[Section("«syslog»")]
internal sealed record SyslogReceiverOptions : Section
{
    /// <summary>Where it listens.</summary>
    [Key(Required = true, Example = "tls://logs.example.com:6514")]
    public Uri? Url { get; init; }

    /// <summary>Who may vouch for its certificate.</summary>
    [Key(Example = "-----BEGIN CERTIFICATE-----...", Default = "the authorities of the system")]
    public Pem? Ca { get; init; }

    /// <summary>The certificate that we show it, where it wants one.</summary>
    [Key(Example = "-----BEGIN CERTIFICATE-----...", Default = "none")]
    public Pem? Cert { get; init; }

    /// <summary>That certificate's private key.</summary>
    [Key(Example = "-----BEGIN PRIVATE KEY-----...", Default = "none")]
    public Pem? Key { get; init; }
}
