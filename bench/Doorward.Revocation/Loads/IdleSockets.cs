using System.Globalization;
using Doorward.Peers;
using Doorward.Revocation.Site;
using Doorward.Revocation.Streams;

namespace Doorward.Revocation.Loads;

/// <summary>What an idle WebSocket takes of the server's memory, TLS included.</summary>
internal static class IdleSockets
{
    private const int AtOnce = 16;
    private const double Goal = 24;

    /// <summary>Until what opening them left behind is collected.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(20);

    public static async Task<bool> RunAsync(int count)
    {
        await using var place = await Place.StartAsync(Topology.All[0], [("0", [Place.Staff])]);
        var open = new List<Task<End>>();
        // The first ones fill pools and caches that the others share.
        await OpenAsync(place, open, count / 10);
        var before = Cpu.ResidentMebibytes([place.Told.Process]);
        await OpenAsync(place, open, count);
        await Task.Delay(_settled);
        var each = (Cpu.ResidentMebibytes([place.Told.Process]) - before) * 1024 / count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle WebSockets: {count:N0} open over TLS, {open.Count(stream => stream.IsCompleted)} ended; {each:F1} KiB each, goal {Goal:F0}: {(each <= Goal ? "met" : "NOT met")}"));
        return each <= Goal;
    }

    private static async Task OpenAsync(Place place, List<Task<End>> open, int count)
    {
        var opened = new Task<End>[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => opened[i] = await Sockets.OpenAsync(place.Told, place["0"]));
        open.AddRange(opened);
        await Task.Delay(_settled / 4);
    }
}
