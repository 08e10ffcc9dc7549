using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Options;

/// <summary>A redirect. What is left out stays as it was requested.</summary>
[Section("a redirect")]
internal sealed record RedirectOptions : Section
{
    /// <summary>Whether the scheme becomes https.</summary>
    [Key(Example = "true")]
    public bool HttpsRedirect { get; init; }

    /// <summary>The new scheme.</summary>
    [Key(Example = "https")]
    public string? SchemeRedirect { get; init; }

    /// <summary>The new host.</summary>
    [Key(Example = "new.example.com")]
    public string? HostRedirect { get; init; }

    /// <summary>The new port.</summary>
    [Key(Example = "8443", Min = "1", Max = "65535")]
    public int? PortRedirect { get; init; }

    /// <summary>The new path.</summary>
    [Key(Example = "/moved")]
    public string? PathRedirect { get; init; }

    /// <summary>What stands instead of the route's prefix.</summary>
    [Key(Example = "/v2")]
    public string? PrefixRewrite { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    [Key(Example = "302", Origin = "The original product's default.")]
    public int ResponseCode { get; init; } = 301;

    /// <summary>Whether the query is dropped.</summary>
    [Key(Example = "true")]
    public bool StripQuery { get; init; }
}

/// <summary>A fixed answer.</summary>
[Section("a fixed response")]
internal sealed record ResponseOptions : Section
{
    /// <summary>The status.</summary>
    [Key(Example = "410", Min = "200", Max = "599")]
    public int Status { get; init; } = 200;

    /// <summary>The body, sent as plain text.</summary>
    [Key(Example = "Gone", Default = "empty")]
    public string? Body { get; init; }
}

/// <summary>Replaces the beginning of a response header's value.</summary>
[Section("a header rewrite")]
internal sealed record HeaderRewriteOptions : Section
{
    /// <summary>The header.</summary>
    [Key(Required = true, Example = "Location")]
    public string Header { get; init; } = "";

    /// <summary>What its value must begin with.</summary>
    [Key(Required = true, Example = "http://internal/")]
    public string Prefix { get; init; } = "";

    /// <summary>What stands instead.</summary>
    [Key(Example = "https://wiki.example.com/", Default = "nothing")]
    public string? Value { get; init; }
}

/// <summary>Asks an upstream whether it is well.</summary>
[Section("a health check")]
internal sealed record HealthCheckOptions : Section
{
    /// <summary>How it is asked: by GET; an answer from 200 to 299 is well.</summary>
    [Key(Required = true, Example = "{ path: /healthz }")]
    public HttpHealthCheckOptions HttpHealthCheck { get; init; } = new();

    /// <summary>From one question to the next.</summary>
    [Key(Example = "10s", Min = "1s", Max = "24h", Origin = "YARP's default.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For an answer.</summary>
    [Key(Example = "5s", Min = "10ms", Max = "10m", Origin = "YARP's default.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bad answers in a row, after which no request goes there.</summary>
    [Key(Example = "3", Min = "1", Max = "100", Origin = "YARP's default.")]
    public int UnhealthyThreshold { get; init; } = 2;
}

/// <summary>A health check over HTTP.</summary>
[Section("an HTTP health check")]
internal sealed record HttpHealthCheckOptions : Section
{
    /// <summary>The path asked for.</summary>
    [Key(Required = true, Example = "/healthz")]
    public string Path { get; init; } = "";
}

/// <summary>Leaves out an upstream that fails requests.</summary>
[Section("«outlier_detection»")]
internal sealed record OutlierDetectionOptions : Section
{
    /// <summary>Failures in a row (no answer, or 502, 503, 504), after which no request goes there.</summary>
    [Key(Name = "consecutive_5xx", Example = "5", Min = "1", Max = "1000", Origin = "Envoy's default.")]
    public int Consecutive5xx { get; init; } = 5;

    /// <summary>For how long none does.</summary>
    [Key(Example = "30s", Min = "1s", Max = "24h", Origin = "Envoy's default.")]
    public TimeSpan BaseEjectionTime { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How old facts may be on one route.</summary>
[Section("«staleness» of a route")]
internal sealed record RouteStalenessOptions : Section
{
    /// <summary>The oldest facts on which a request is still allowed; at most the server's `staleness.max`.</summary>
    [Key(Example = "5s", Min = "2s", Max = "15m", Default = "the server's `staleness.limit`")]
    public TimeSpan? Limit { get; init; }

    /// <summary>How long an open stream is held, so that no byte passes, before it is cut.</summary>
    [Key(Example = "1m", Min = "0s", Max = "15m", Default = "the server's `staleness.grace`")]
    public TimeSpan? Grace { get; init; }
}
