using System.Diagnostics.Metrics;
using Doorward.Server.Access;
using Doorward.Server.Routes;
using Doorward.Server.Routes.Agreement;
using Doorward.Server.Store.Feed;

namespace Doorward.Server;

/// <summary>What is counted about requests. Labels come from closed sets: never a path, a person or an address.</summary>
internal sealed class Metrics : IDisposable
{
    public const string MeterName = Product.Name;

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _cuts;
    private readonly KeyValuePair<string, object?>[] _outcomes;

    public Metrics(LiveConnections live, Freshness freshness, ChangeFeed feed, NodeAgreement agreement)
    {
        _decisions = _meter.CreateCounter<long>(Product.MetricPrefix + "decisions", description: "Decisions by outcome: allowed, or why not.");
        _durations = _meter.CreateHistogram<double>(Product.MetricPrefix + "request_duration", "s", "From the decision to the last byte.", null, Seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600));
        _cuts = _meter.CreateHistogram<double>(Product.MetricPrefix + "cut_delay", "s", "Connections ended by Doorward: from hearing of the change to the end, by what they were told.", null, Seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 20));
        _meter.CreateObservableGauge(Product.MetricPrefix + "live_connections", () => live.Count, description: "Requests and streams under way.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "facts_age", () => Math.Min(freshness.Age.TotalSeconds, 1e6), "s", "The age of what is known from the store; at staleness.limit requests are refused.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "clock_skew", () => feed.Skew.Current.TotalSeconds, "s", "How far this node's clock is ahead of the store's, beyond what the network explains; negative: behind.");
        _meter.CreateObservableGauge(Product.MetricPrefix + "nodes_differing", () => agreement.Others, description: "Nodes that serve another configuration than this one.");
        _outcomes = [.. Enum.GetValues<RefusalKind>().Select(kind => Tag("outcome", Refusal.CodeOf(kind)))];
    }

    public void Decided(RefusalKind? refusal) => _decisions.Add(1, refusal is { } kind ? _outcomes[(int)kind] : Tag("outcome", "allowed"));

    public void Ended(Route? route, int status, TimeSpan duration) =>
        _durations.Record(duration.TotalSeconds, Tag("route", route?.Name ?? "none"), Tag("status", StatusClass(status)));

    public void Cut(Ending ending, TimeSpan after) => _cuts.Record(after.TotalSeconds, Tag("told", ending.Code));

    public void Dispose() => _meter.Dispose();

    // What is not said otherwise is counted in boundaries made for milliseconds.
    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string StatusClass(int status) => (status / 100) switch { 1 => "1xx", 2 => "2xx", 3 => "3xx", 4 => "4xx", _ => "5xx" };
}
