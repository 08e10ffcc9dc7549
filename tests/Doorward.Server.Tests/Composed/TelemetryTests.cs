using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Doorward.Server.Tests.Lab;
using Doorward.Server.Tests.Proxy.Rig;
using Doorward.Server.Tests.Routes.Loading;

namespace Doorward.Server.Tests.Composed;

/// <summary>What whoever runs the server sees of it from outside: traces, metrics, the dashboard.</summary>
public sealed partial class TelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c", Span = "b7ad6b7169203331";

    [Fact]
    public async Task A_request_is_one_trace_from_the_proxy_in_front_to_the_upstream_and_the_audit_record()
    {
        await using var collector = await Collector.StartAsync();
        await using var whole = await Whole.StartAsync(more: TracesTo(collector) + "\ntrusted_proxies: [ 127.0.0.1 ]");
        await ForwardedAsync(whole, "/hidden-path?hidden=query", $"traceparent: 00-{Trace}-{Span}-01", "tracestate: front=1", "X-Forwarded-For: 192.0.2.7");

        var parts = Assert.Single(whole.Upstream.Headers("traceparent")).Split('-');
        Assert.Equal(Trace, parts[1]);
        Assert.NotEqual(Span, parts[2]);
        Assert.Equal(["front=1"], whole.Upstream.Headers("tracestate"));
        string? record = null;
        await Eventually.Holds(() => (record = whole.Records().LastOrDefault(one => one.Contains("hidden-path", StringComparison.Ordinal))) is not null);
        Assert.Contains(Trace, record, StringComparison.Ordinal);

        // The span that the upstream was told of arrives, and the request's, under the id that leads to the record.
        await Eventually.Holds(() => collector.Has("/v1/traces", Convert.FromHexString(parts[2])) && collector.Has("/v1/traces", Convert.FromHexString(Trace)));
        var sent = collector.Text("/v1/traces");
        var id = RequestIdIn().Match(record!).Groups[1].Value;
        Assert.All((string[])[id, "doorward.route", "open", "doorward.outcome", "allowed", "http.response.status_code"], text => Assert.Contains(text, sent, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.7", sent, StringComparison.Ordinal);
        Assert.Equal(["Bearer collector-canary"], collector.Authorizations);
    }

    [Fact]
    public async Task A_stranger_joins_no_trace()
    {
        await using var collector = await Collector.StartAsync();
        await using var whole = await Whole.StartAsync(more: TracesTo(collector));
        await ForwardedAsync(whole, "/", $"traceparent: 00-{Trace}-{Span}-01", "tracestate: forged=1", "X-Forwarded-For: 192.0.2.7");
        Assert.NotEqual(Trace, Assert.Single(whole.Upstream.Headers("traceparent")).Split('-')[1]);
        Assert.Empty(whole.Upstream.Headers("tracestate"));
    }

    [Fact]
    public async Task What_is_refused_is_traced_with_its_outcome_and_without_the_person()
    {
        await using var collector = await Collector.StartAsync();
        await using var whole = await Whole.StartAsync(more: TracesTo(collector));
        using var browser = await whole.SignedInAsync();
        Assert.Equal(403, (int)(await browser.FollowAsync(Whole.Url(Whole.Admin))).Answer.StatusCode);
        await Eventually.Holds(() => collector.Text("/v1/traces").Contains("GET admin", StringComparison.Ordinal));
        Assert.Contains("denied", collector.Text("/v1/traces"), StringComparison.Ordinal);
        // «ada» alone comes by itself in so many bytes of ids and times.
        Assert.All((string[])["ada@example.com", "Ada Lovelace", "/ada"], person => Assert.DoesNotContain(person, collector.Text("/v1/traces"), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_a_collector_a_trace_of_others_passes_as_it_is()
    {
        await using var whole = await Whole.StartAsync();
        await ForwardedAsync(whole, "/", $"traceparent: 00-{Trace}-{Span}-01", "tracestate: a=1,b=2");
        Assert.Equal([$"00-{Trace}-{Span}-01"], whole.Upstream.Headers("traceparent"));
        Assert.Equal(["a=1,b=2"], whole.Upstream.Headers("tracestate"));
    }

    [Fact]
    public async Task Metrics_go_to_a_collector_and_one_that_is_away_harms_nobody()
    {
        await using var collector = await Collector.StartAsync();
        await using var whole = await Whole.StartAsync(more: $$"""
            telemetry: { metrics: { url: "{{collector.Url}}/v1/metrics", every: 1s }, traces: { url: "http://127.0.0.1:1/v1/traces", percent: 100 } }
            """);
        await ForwardedAsync(whole, "/");
        await Eventually.Holds(() => collector.Text("/v1/metrics").Contains("doorward_decisions", StringComparison.Ordinal));
        Assert.Equal(200, Wire.StatusOf(await whole.GetAsync(Whole.Open, "/")));
    }

    [Fact]
    public async Task No_metric_has_a_label_that_strangers_or_people_could_multiply()
    {
        await using var whole = await Whole.StartAsync();
        using var browser = await whole.SignedInAsync();
        foreach (var path in (string[])["/canary-path", "/other?canary-query"])
        {
            await browser.GetAsync(Whole.Url(Whole.App, path));
            await whole.AskAsync(Whole.Open, "CANARYMETHOD", path);
            await whole.GetAsync("canary-host.door.localhost", path);
        }
        var metrics = await Wire.GetAsync(whole.MetricsPort, "x", "/metrics");
        var ours = metrics.Split('\n').Where(line => line.StartsWith("doorward_", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ours);
        var labels = ours.SelectMany(line => LabelNames().Matches(line).Select(match => match.Groups[1].Value)).Distinct().Order();
        Assert.Subset((HashSet<string>)["outcome", "route", "status", "told", "sink", "result", "source", "le", "otel_scope_name"], labels.ToHashSet());
        Assert.DoesNotContain("canary", metrics, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ada@", metrics, StringComparison.OrdinalIgnoreCase);
        // A request takes milliseconds: the boundaries tell them apart.
        Assert.Contains(ours, line => line.StartsWith("doorward_request_duration_seconds_bucket", StringComparison.Ordinal) && line.Contains("le=\"0.005\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_metric_on_the_dashboard_is_one_that_the_server_has()
    {
        await using var whole = await Whole.StartAsync();
        await ForwardedAsync(whole, "/");
        var known = Known("Doorward", "System.Runtime");
        var names = MetricNames().Matches(await File.ReadAllTextAsync(Path.Combine(Golden.Root(), "deploy/grafana-dashboard.json"), TestContext.Current.CancellationToken))
            .Select(match => match.Value).ToHashSet();
        Assert.NotEmpty(names);
        Assert.Empty(names.Select(name => name.Replace("_bucket", "", StringComparison.Ordinal).Replace("_count", "", StringComparison.Ordinal)).Except(known));
        // What has a value from the start is scraped by just these names.
        var metrics = await Wire.GetAsync(whole.MetricsPort, "x", "/metrics");
        Assert.All(names.Where(name => !OnlyOnceItHappens(name)), name => Assert.Contains("\n" + name, metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_manual_tells_of_every_metric()
    {
        await using var whole = await Whole.StartAsync();
        var manual = await File.ReadAllTextAsync(Path.Combine(Golden.Root(), "docs/observability.md"), TestContext.Current.CancellationToken);
        Assert.All(Known("Doorward"), name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    private static HashSet<string> Known(params string[] meters)
    {
        var known = new HashSet<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (meters.Contains(instrument.Meter.Name)) known.Add(PrometheusName(instrument)); } };
        listener.Start();
        return known;
    }

    private static bool OnlyOnceItHappens(string name) => name.StartsWith("doorward_cut_delay", StringComparison.Ordinal) || name.StartsWith("doorward_stray", StringComparison.Ordinal);

    private static string PrometheusName(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" }
        + (instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal) && !instrument.GetType().Name.Contains("UpDown", StringComparison.Ordinal) ? "_total" : "");

    /// <summary>On a busy machine the first request may be told to come back in a moment.</summary>
    private static Task ForwardedAsync(Whole whole, string target, params string[] headers) =>
        Eventually.Holds(async () => Wire.StatusOf(await whole.GetAsync(Whole.Open, target, headers)) == 200);

    private static string TracesTo(Collector collector) => $$"""
        telemetry: { traces: { url: "{{collector.Url}}/v1/traces", percent: 100, authorization: "Bearer collector-canary" } }
        """;

    [GeneratedRegex("\"request\":\"([^\"]+)\"")]
    private static partial Regex RequestIdIn();

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex LabelNames();

    [GeneratedRegex(@"\b(doorward|dotnet)_[a-z_]+")]
    private static partial Regex MetricNames();
}
