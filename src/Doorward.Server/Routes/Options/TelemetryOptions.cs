using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>What is sent to an OpenTelemetry collector besides the audit trail, which has its own way there.</summary>
[Section("«telemetry»")]
internal sealed record TelemetryOptions : Section
{
    /// <summary>A collector to which the metrics are sent, beside or instead of `listeners.metrics`.</summary>
    [Key(Example = "{ url: \"http://127.0.0.1:4318/v1/metrics\" }", Default = "none")]
    public MetricsReceiverOptions? Metrics { get; init; }

    /// <summary>A collector to which traces are sent: a span for each request, one for its way to the upstream. While it is off, tracing costs nothing.</summary>
    [Key(Example = "{ url: \"http://127.0.0.1:4318/v1/traces\", percent: 10 }", Default = "none")]
    public TracesReceiverOptions? Traces { get; init; }
}

/// <summary>An OpenTelemetry collector.</summary>
[Section("a collector")]
internal record CollectorOptions : Section
{
    /// <summary>Where it takes OTLP over HTTP, with the path, which says of what: `/v1/logs`, `/v1/metrics` or `/v1/traces`.</summary>
    [Key(Required = true, Example = "https://otel.example.com/v1/logs")]
    public Uri? Url { get; init; }

    /// <summary>What is sent in the header Authorization.</summary>
    [Key(Example = "Bearer ...", Default = "nothing")]
    public Secret? Authorization { get; init; }
}

/// <summary>A collector of metrics.</summary>
[Section("a collector of metrics")]
internal sealed record MetricsReceiverOptions : CollectorOptions
{
    /// <summary>How long between two of them.</summary>
    [Key(Example = "15s", Min = "1s", Max = "1h", Origin = "What OpenTelemetry's specification says.")]
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>A collector of traces.</summary>
[Section("a collector of traces")]
internal sealed record TracesReceiverOptions : CollectorOptions
{
    /// <summary>How many of a hundred requests are traced. A listed proxy that has begun a trace decides for its requests; nobody else does.</summary>
    [Key(Example = "1", Min = "0", Max = "100", Origin = "Few enough for a busy site, enough to see where time goes.")]
    public int Percent { get; init; } = 10;
}
