using System.Diagnostics;
using Doorward.Revocation.Loads;
using Doorward.Revocation.Site;
using Doorward.Revocation.Sources;

namespace Doorward.Revocation.Matrix;

/// <summary>All sources against all protocols on one topology, without other requests and under load.</summary>
internal static class Run
{
    /// <summary>Requests a second, of people whom nothing is about.</summary>
    private const int Rate = 1000;

    /// <summary>People whose streams are opened together; then their trials follow one by one, and nothing else happens.</summary>
    private const int Batch = 40;

    /// <summary>Trials of each source that do not count: .NET compiles again what runs often.</summary>
    private const int WarmUp = 40;

    /// <summary>The load runs for so long before the first trial beside it, for the same reason.</summary>
    private static readonly TimeSpan _loadsWarmUp = TimeSpan.FromMinutes(1);

    private const int Bystanders = 50;

    private static readonly Func<Place, Source>[] _sources =
    [
        place => new SessionEnd(place),
        place => new PersonLock(place),
        place => new RefusedRefresh(place),
        place => new LogoutToken(place),
        place => new SessionRevoked(place),
        place => new ScimDeactivation(place),
        place => new ScimGroup(place),
        place => new Posture(place),
        place => new EndDate(place),
        place => new FileEdit(place),
    ];

    private const string WarmUpLoad = "warm-up", Busy = "busy";

    private static readonly string[] _loads = [WarmUpLoad, "idle", Busy];

    /// <summary>As they are named on the command line.</summary>
    public static IReadOnlyList<string> Loads => _loads[1..];

    /// <param name="topology">Where.</param>
    /// <param name="loads">Of <see cref="Loads"/>, those to run.</param>
    /// <param name="trials">Of each cell.</param>
    /// <param name="folder">For every sample.</param>
    public static async Task<bool> RunAsync(Topology topology, IReadOnlyList<string> loads, int trials, string folder)
    {
        using var results = new Results(topology, loads, folder);
        var began = Stopwatch.GetTimestamp();
        await using var place = await Place.StartAsync(topology, People(loads, trials));
        var sources = _sources.Select(make => make(place)).ToArray();
        foreach (var load in loads.Prepend(WarmUpLoad))
        {
            await using var traffic = load == Busy ? Traffic.Start(place, Rate, Enumerable.Range(0, Bystanders).Select(number => place[$"bystander-{number}"].Cookie)) : null;
            if (traffic is not null)
            {
                await Task.Delay(_loadsWarmUp);
                await traffic.MarkAsync();
            }
            for (var source = 0; source < sources.Length; source++)
                await TryAsync(place, sources[source], results, load, source, TrialsOf(load, trials));
            if (traffic is not null) Console.WriteLine($"{topology.Title}: the load was {await traffic.MarkAsync()}");
        }
        Console.WriteLine($"{topology.Title}: {Stopwatch.GetElapsedTime(began).TotalMinutes:F1} minutes");
        return results.Print(trials);
    }

    private static async Task TryAsync(Place place, Source source, Results results, string load, int index, int trials)
    {
        var began = Stopwatch.GetTimestamp();
        if (load != WarmUpLoad) results.Expect(load, source.Name);
        for (var done = 0; done < trials; done += Batch)
        {
            var people = Enumerable.Range(done, Math.Min(Batch, trials - done)).Select(number => place[Subject(load, index, number)]).ToList();
            await source.PrepareAsync(people);
            var open = await Task.WhenAll(people.Select((person, i) => Trial.OpenAsync(place, person, done + i)));
            for (var i = 0; i < open.Length; i++)
            {
                // At any moment of whatever else the nodes do.
                await Task.Delay(Random.Shared.Next(30));
                try
                {
                    var samples = await open[i].RunAsync(source);
                    if (load != WarmUpLoad) results.Add(load, source.Name, done + i, samples);
                }
                catch (Exception e) when (e is InvalidOperationException or TimeoutException or OperationCanceledException or HttpRequestException)
                {
                    results.Fail(load, source.Name, done + i, e);
                }
            }
        }
        await Console.Error.WriteLineAsync($"{load}, {source.Name}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
    }

    private static int TrialsOf(string load, int trials) => load == WarmUpLoad ? WarmUp : trials;

    private static string Subject(string load, int source, int number) => $"{load}-{source}-{number}";

    private static IEnumerable<(string, IReadOnlyList<string>)> People(IReadOnlyList<string> loads, int trials)
    {
        for (var source = 0; source < _sources.Length; source++)
        {
            var groups = _sources[source](null!).Groups;
            foreach (var load in loads.Prepend(WarmUpLoad))
                for (var number = 0; number < TrialsOf(load, trials); number++) yield return (Subject(load, source, number), groups);
        }
        for (var number = 0; number < Bystanders; number++) yield return ($"bystander-{number}", [Place.Staff]);
    }
}
