using System.Diagnostics.Metrics;
using Doorward.Server.Audit.Segments;
using Doorward.Server.Audit.Sinks;

namespace Doorward.Server.Audit;

/// <summary>What is measured about the trail. Looked up when somebody asks; the request path counts nothing for it.</summary>
internal sealed class AuditMetrics : IDisposable
{
    private readonly Meter _meter = new(Product.Name);

    public AuditMetrics(AuditTrail trail, Drains drains)
    {
        Gauge("audit_writes", () => trail.Health.Writes ? 1 : 0, "1 while decisions are recorded; at 0 guarded routes refuse.");
        Gauge("audit_waiting_ends", () => trail.Health.Waiting, "Ends of connections that wait for room.");
        Gauge("audit_segment_files", () => Directory.Exists(trail.Folder) ? SegmentFiles.In(trail.Folder).Count : 0, "Segment files that are not yet drained.");
        Counter("audit_records", () => trail.Durable.Mark.Head.Sequence, "Records of this node's chain.");
        Counter("audit_refused_records", () => trail.Health.Refused, "Records that could not be written; what they told was refused.");
        Counter("audit_lost_ends", () => trail.Health.Lost, "Ends of connections that were lost because there was no room for too long.");
        PerSink("audit_sink_behind_records", drain => trail.Durable.Mark.Head.Sequence - (drain.Position.Node == trail.Node ? drain.Taken : 0), "Records that a sink has still to take.");
        PerSink("audit_sink_down", drain => drain.Trouble is null ? 0 : 1, "1 while a sink does not take records.");
        PerSink("audit_sink_missed_records", drain => drain.Missed, "Records that were removed before a sink took them.");

        void PerSink(string name, Func<Drain, long> value, string description) => _meter.CreateObservableGauge(
            Product.MetricPrefix + name, () => drains.All.Select(drain => new Measurement<long>(value(drain), new KeyValuePair<string, object?>("sink", drain.Name))), description: description);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<long> value, string description) => _meter.CreateObservableGauge(Product.MetricPrefix + name, value, description: description);

    private void Counter(string name, Func<long> value, string description) => _meter.CreateObservableCounter(Product.MetricPrefix + name, value, description: description);
}
