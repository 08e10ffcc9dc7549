using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Doorward.Server.Identity.Signals;

/// <summary>What this node has taken and refused since its start, by source. The sources are those of the configuration: nobody can invent one.</summary>
internal sealed class SignalCounts : IDisposable
{
    private readonly Meter _meter = new(Product.Name);
    private readonly Counter<long> _messages;
    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);

    public SignalCounts() => _messages = _meter.CreateCounter<long>(Product.MetricPrefix + "signals", description: "Messages from outside about people, sessions and devices, by source and what came of them.");

    public void Taken(string source, bool matched) => Count(source, matched ? "taken" : "unmatched");

    public void Refused(string source)
    {
        _refused.AddOrUpdate(source, 1, (_, before) => before + 1);
        Count(source, "refused");
    }

    public long RefusedOf(string source) => _refused.GetValueOrDefault(source);

    public void Dispose() => _meter.Dispose();

    private void Count(string source, string outcome) => _messages.Add(1, new("source", source), new("outcome", outcome));
}
