using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>What a client may send at most. Whoever sends more gets 408, 413, 414 or 431, or loses the connection.</summary>
[Section("«limits»")]
internal sealed record LimitOptions : Section
{
    /// <summary>The longest request body. Bodies are streamed, never kept, so this guards upstreams rather than Doorward. 0 is no limit.</summary>
    [Key(Example = "1GiB", Default = "no limit", Origin = "As in Envoy: gRPC and uploads have no natural end.")]
    public ByteSize RequestBody { get; init; }

    /// <summary>The first line of a request: method, target and version. In HTTP/2 the target alone.</summary>
    [Key(Example = "16KiB", Min = "1KiB", Max = "1MiB", Origin = "Kestrel's default.")]
    public ByteSize RequestLine { get; init; } = ByteSize.Kibibytes(8);

    /// <summary>All headers of a request together.</summary>
    [Key(Example = "64KiB", Min = "4KiB", Max = "1MiB", Origin = "Kestrel's default.")]
    public ByteSize HeadersTotal { get; init; } = ByteSize.Kibibytes(32);

    /// <summary>The number of a request's headers.</summary>
    [Key(Example = "200", Min = "10", Max = "10000", Origin = "Kestrel's default.")]
    public int HeadersCount { get; init; } = 100;

    /// <summary>From the first byte of a request to the last of its headers.</summary>
    [Key(Example = "10s", Min = "1s", Max = "10m", Origin = "Kestrel's default.")]
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two requests on a connection.</summary>
    [Key(Example = "60s", Min = "1s", Max = "24h", Origin = "Kestrel's default: longer than the 120 s after which load balancers commonly close.")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>The slowest body of an HTTP/1.1 request, in bytes a second; 0 is no limit. Streams of other kinds have their idle limits.</summary>
    [Key(Example = "1KiB", Origin = "Kestrel's default.")]
    public ByteSize BodyRate { get; init; } = new(240);

    /// <summary>For how long a body may be slower than `body_rate`.</summary>
    [Key(Example = "30s", Min = "1s", Max = "10m", Origin = "Kestrel's default.")]
    public TimeSpan BodyRateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests at once on one HTTP/2 connection.</summary>
    [Key(Example = "250", Min = "1", Max = "10000", Origin = "Kestrel's default, and the least that RFC 9113 recommends.")]
    public int ConcurrentStreams { get; init; } = 100;

    /// <summary>For the TLS handshake of a connection.</summary>
    [Key(Example = "5s", Min = "1s", Max = "1m", Origin = "Kestrel's default.")]
    public TimeSpan TlsHandshake { get; init; } = TimeSpan.FromSeconds(10);
}
