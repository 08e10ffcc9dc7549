using System.Diagnostics;
using System.Globalization;
using Doorward.Peers;
using Doorward.Revocation.Matrix;
using Doorward.Revocation.Site;
using Doorward.Revocation.Sources;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Loads;

/// <summary>A directory lets very many people go at once; some of them have a stream open at one of the nodes.</summary>
internal static class ScimBurst
{
    /// <summary>Every so many-th has a stream open.</summary>
    private const int Every = 10;

    /// <summary>
    /// Let go beforehand in rounds, each of which is said but not counted: .NET compiles again what runs often, and nodes have run for days when a
    /// directory lets many go.
    /// </summary>
    private const int Round = 200 * Every, WarmUp = 5 * Round;

    private const string Bystander = "bystander";

    /// <summary>10,000 in 10 s.</summary>
    private static readonly TimeSpan _goal = TimeSpan.FromMilliseconds(1);

    /// <param name="topology">How many nodes, on which store.</param>
    /// <param name="count">People.</param>
    /// <param name="atOnce">What the directory has under way at once.</param>
    public static async Task<bool> RunAsync(Topology topology, int count, int atOnce)
    {
        await using var place = await Place.StartAsync(
            topology, Enumerable.Range(0, WarmUp + count).Select(number => $"{number}").Append(Bystander).Select(subject => (subject, (IReadOnlyList<string>)[Place.Staff])));
        var directory = new DirectoryClient(place);
        var users = new string[WarmUp + count];
        var streams = new Task<End>?[WarmUp + count];
        var acknowledged = new long[WarmUp + count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = atOnce };
        await Parallel.ForAsync(0, WarmUp + count, parallel, async (i, _) =>
        {
            users[i] = await directory.CreateUserAsync(place[$"{i}"]);
            if (i % Every == 0) streams[i] = await Bodies.EventsAsync(place.Nodes[i / Every % place.Nodes.Count], place[$"{i}"]);
        });
        Task LetGoAsync(int from, int to) => Parallel.ForAsync(from, to, parallel, async (i, _) =>
            acknowledged[i] = await directory.PatchAsync($"Users/{users[i]}", """{"op":"replace","value":{"active":false}}""", place.Nodes[i % place.Nodes.Count]));
        for (var from = 0; from < WarmUp; from += Round)
        {
            var before = Stopwatch.GetTimestamp();
            await LetGoAsync(from, from + Round);
            Say($"beforehand: {Round:N0} in {Stopwatch.GetElapsedTime(before).TotalSeconds:F1} s");
        }
        await using var traffic = Traffic.Start(place, 100, [place[Bystander].Cookie]);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var calm = await traffic.MarkAsync();
        var used = Used.By(place);
        var began = Stopwatch.GetTimestamp();
        await LetGoAsync(WarmUp, users.Length);
        var sent = Stopwatch.GetTimestamp();
        var ends = await Task.WhenAll(streams.Skip(WarmUp).OfType<Task<End>>()).WaitAsync(TimeSpan.FromMinutes(1));
        used = Used.By(place).Since(used);
        var during = await traffic.MarkAsync();
        var letIn = 0;
        await Parallel.ForAsync(WarmUp, users.Length, parallel, async (i, _) =>
        {
            if (await new Probe(place.Nodes[(i + 1) % place.Nodes.Count], place[$"{i}"]).IsLetInAsync()) Interlocked.Increment(ref letIn);
        });
        var delays = new Cell();
        for (int i = WarmUp, end = 0; i < users.Length; i += Every, end++) delays.Add((ends[end].At - acknowledged[i]) * 1000.0 / Stopwatch.Frequency);
        var goal = _goal * count;
        var last = Stopwatch.GetElapsedTime(began, Math.Max(sent, ends.Max(end => end.At)));
        Say($"{topology.Title}: {count:N0} people deactivated, {atOnce} at a time, in {Stopwatch.GetElapsedTime(began, sent).TotalSeconds:F1} s, all effective after {last.TotalSeconds:F1} s, goal {goal.TotalSeconds:F1}: {(last < goal ? "met" : "NOT met")}; {letIn} let in afterwards");
        Say($"from each one's 2xx to the end of their stream, ms: {delays}; {ends.Count(end => !end.IsRight)} not told as they should be");
        Say($"processor time in that span, s: {used}");
        Say($"bystanders before: {calm}");
        Say($"bystanders during: {during}");
        return last < goal && letIn == 0 && ends.All(end => end.IsRight);
    }

    private static void Say(FormattableString what) => Console.WriteLine("SCIM burst: " + what.ToString(CultureInfo.InvariantCulture));

    /// <summary>Processor time, in seconds.</summary>
    /// <param name="Nodes">Of all nodes.</param>
    /// <param name="Store">Of PostgreSQL.</param>
    /// <param name="Around">Of the directory, the people with their streams, the bystanders and the service.</param>
    private sealed record Used(double Nodes, double Store, double Around)
    {
        public static Used By(Place place)
        {
            var (nodes, store) = (Cpu.Milliseconds(place.Nodes.Select(node => node.Process)) / 1000, place.StoreProcess is { } server ? Cpu.Milliseconds([server]) / 1000 : 0);
            return new(nodes, store, (Cpu.Milliseconds([Environment.ProcessId]) / 1000) - nodes - store);
        }

        public Used Since(Used before) => new(Nodes - before.Nodes, Store - before.Store, Around - before.Around);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"nodes {Nodes:F1}, PostgreSQL {Store:F1}, all around {Around:F1}");
    }
}
