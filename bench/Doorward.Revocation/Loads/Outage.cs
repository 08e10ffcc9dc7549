using System.Diagnostics;
using System.Globalization;
using Doorward.Revocation.Site;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Loads;

/// <summary>
/// PostgreSQL is away, with the limits that Doorward has by default: for less than they allow nobody who is there notices; for longer requests
/// are refused from the limit on, streams are held from then on and cut after the grace, and everybody is let in again once it is back.
/// </summary>
internal static class Outage
{
    private const int Rate = 100, People = 60;

    private static readonly TimeSpan _short = TimeSpan.FromSeconds(8), _long = TimeSpan.FromSeconds(60), _limit = TimeSpan.FromSeconds(10), _grace = TimeSpan.FromSeconds(20);

    /// <summary>A look each second, and a busy machine.</summary>
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(3);

    public static async Task<bool> RunAsync()
    {
        await using var place = await Place.StartAsync(Topology.All[1], Enumerable.Range(0, People).Select(number => ($"{number}", (IReadOnlyList<string>)[Place.Staff])));
        var streams = new List<(Protocol Protocol, Task<End> End)>();
        for (var i = 0; i < People; i++)
            foreach (var protocol in Protocol.All) streams.Add((protocol, await protocol.OpenAsync(place.Nodes[i % place.Nodes.Count], place[$"{i}"])));
        await using var traffic = Traffic.Start(place, Rate, Enumerable.Range(0, People).Select(number => place[$"{number}"].Cookie));
        // Everybody is known to every node before it begins.
        await Task.Delay(_slack * 2);
        await traffic.MarkAsync();

        await place.OutageAsync(_short);
        await Task.Delay(_slack);
        var seen = await traffic.MarkAsync();
        var cut = streams.Count(stream => stream.End.IsCompleted);
        Say($"away for {_short.TotalSeconds:F0} s, {streams.Count} streams open: {seen}; {cut} streams cut");
        var met = seen.Failures == 0 && cut == 0;

        var began = Stopwatch.GetTimestamp();
        var outage = place.OutageAsync(_long);
        await Task.Delay(_limit - _slack);
        var fresh = await traffic.MarkAsync();
        await Task.Delay(_slack * 2);
        await traffic.MarkAsync();
        await Task.Delay(_grace - (_slack * 2));
        var old = await traffic.MarkAsync();
        var early = streams.Count(stream => stream.End.IsCompleted);
        await outage;
        await Task.Delay(_slack);
        await traffic.MarkAsync();
        await Task.Delay(_slack);
        var after = await traffic.MarkAsync();
        var ends = streams.Where(stream => stream.End.IsCompletedSuccessfully).Select(stream => stream.End.Result).ToList();
        var delays = ends.Select(end => (end.At - began) / (double)Stopwatch.Frequency).Order().ToArray();
        Say($"away for {_long.TotalSeconds:F0} s, while the facts are fresh: {fresh}");
        Say($"from {(_limit + _slack).TotalSeconds:F0} s on: {old}; {early} streams ended by then");
        Say($"{ends.Count} of {streams.Count} streams cut, the first after {delays.FirstOrDefault():F1} s, the last after {delays.LastOrDefault():F1} s: {string.Join(", ", ends.GroupBy(end => end.Told).Select(told => $"{told.Key} {told.Count()}"))}");
        Say($"from {_slack.TotalSeconds:F0} s after it is back: {after}");
        return met && fresh.Failures == 0 && early == 0 && ends.Count == streams.Count && after.Failures == 0 && delays[0] >= (_limit + _grace - _slack).TotalSeconds && delays[^1] <= (_limit + _grace + _slack).TotalSeconds;
    }

    private static void Say(FormattableString what) => Console.WriteLine("outage: " + what.ToString(CultureInfo.InvariantCulture));
}
