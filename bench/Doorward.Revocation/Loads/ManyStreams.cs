using System.Diagnostics;
using System.Globalization;
using Doorward.Peers;
using Doorward.Revocation.Site;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Loads;

/// <summary>One node with many open streams, and one edit of a policy that ends half of them, while bystanders ask for pages.</summary>
internal static class ManyStreams
{
    private const int StreamsOfOne = 25;
    private const int Rate = 500;
    private const int AtOnce = 32;
    private const string Leavers = "leavers", Bystander = "bystander";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(10);

    public static async Task<bool> RunAsync(int count)
    {
        var people = count / StreamsOfOne;
        await using var place = await Place.StartAsync(
            Topology.All[0], [.. Enumerable.Range(0, people).Select(number => ($"{number}", GroupsOf(number))), (Bystander, (IReadOnlyList<string>)[Place.Staff])]);
        var node = place.Told;
        var before = Cpu.ResidentMebibytes([node.Process]);
        var opening = Stopwatch.GetTimestamp();
        var streams = new Task<End>[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => streams[i] = await Bodies.EventsAsync(node, place[$"{i / StreamsOfOne}"], Service.Many));
        Say($"{count:N0} streams open after {Stopwatch.GetElapsedTime(opening).TotalSeconds:F1} s; {(Cpu.ResidentMebibytes([node.Process]) - before) * 1024 / count:F1} KiB each; told to come again: {node.ToldToComeAgain}");
        await using var traffic = Traffic.Start(place, Rate, [place[Bystander].Cookie]);
        await StandBackAsync(place);
        await Task.Delay(_calm / 2);
        await traffic.MarkAsync();
        var spent = Cpu.Milliseconds([node.Process]);
        await Task.Delay(_calm);
        var calm = await traffic.MarkAsync();
        var spentInCalm = Cpu.Milliseconds([node.Process]) - spent;
        var rename = await place.PoliciesAsync([], [Leavers]);
        spent = Cpu.Milliseconds([node.Process]);
        // Before it: this process stands back, and may not run again before the first is cut.
        var began = Stopwatch.GetTimestamp();
        rename();
        var ended = await EndsAsync(streams);
        var forCuts = Cpu.Milliseconds([node.Process]) - spent - spentInCalm * (Stopwatch.GetElapsedTime(began) / _calm);
        var during = await traffic.MarkAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var wrong = streams.Where((stream, i) => stream.IsCompleted != IsLeaver(i / StreamsOfOne)).Count() + ended.Count(end => !end.IsRight);
        var delays = ended.Select(end => (end.At - began) * 1000.0 / Stopwatch.Frequency).Order().ToArray();
        Say($"{ended.Count:N0} cut: the first after {delays[0]:F0} ms, half after {delays[delays.Length / 2]:F0} ms, the last after {delays[^1]:F0} ms; {wrong} wrongly cut, kept or told; {1000 * forCuts / ended.Count:F0} us of the node's processor time for each");
        foreach (var (told, times) in ended.Where(end => !end.IsRight).CountBy(end => end.Told)) Say($"told wrongly {times} times: {told}");
        Say($"bystanders before: {calm}");
        Say($"bystanders during: {during} ({during.P99 / calm.P99:F1} times)");
        return wrong == 0 && during.P99 < 2 * calm.P99 && during.Failures == 0;
    }

    private static async Task<IReadOnlyList<End>> EndsAsync(Task<End>[] streams)
    {
        var leaving = streams.Where((_, i) => IsLeaver(i / StreamsOfOne)).ToArray();
        await ((Task)Task.WhenAll(leaving)).WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return [.. leaving.Where(stream => stream.IsCompletedSuccessfully).Select(stream => stream.Result)];
    }

    /// <summary>
    /// The clients of the many, and their service, are other machines; here they have what the node and its bystanders leave of this one. Idle is less than
    /// nice 19, of which a thread that runs may keep the one that wakes waiting for milliseconds.
    /// </summary>
    private static async Task StandBackAsync(Place place)
    {
        foreach (var process in (int[])[Environment.ProcessId, place.ManyService])
        {
            using var idle = Process.Start("chrt", ["--idle", "--all-tasks", "--pid", "0", process.ToString(CultureInfo.InvariantCulture)]);
            await idle.WaitForExitAsync();
            if (idle.ExitCode != 0) throw new InvalidOperationException("chrt was refused: the clients of the many would take the machine from the others.");
        }
    }

    private static bool IsLeaver(int person) => person % 2 == 0;

    private static IReadOnlyList<string> GroupsOf(int person) => IsLeaver(person) ? [Place.Staff, Leavers] : [Place.Staff];

    private static void Say(FormattableString what) => Console.WriteLine("many streams: " + what.ToString(CultureInfo.InvariantCulture));
}
