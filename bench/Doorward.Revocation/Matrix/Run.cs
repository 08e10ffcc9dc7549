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
    private const int WarmUp = 10;

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

    private static readonly string[] _loads = ["warm-up", "idle", "1,000 requests/s"];

    public static async Task<bool> RunAsync(Topology topology, int trials, string folder)
    {
        using var results = new Results(topology, folder);
        var began = Stopwatch.GetTimestamp();
        await using var place = await Place.StartAsync(topology, People(trials));
        var sources = _sources.Select(make => make(place)).ToArray();
        for (var load = 0; load < _loads.Length; load++)
        {
            await using var traffic = load == 2 ? Traffic.Start(place, Rate, Enumerable.Range(0, Bystanders).Select(number => place[$"bystander-{number}"].Cookie)) : null;
            for (var source = 0; source < sources.Length; source++)
                await TryAsync(place, sources[source], results, load, source, load == 0 ? WarmUp : trials);
            if (traffic is not null) Console.WriteLine($"{topology.Title}: the load was {await traffic.MarkAsync()}");
        }
        Console.WriteLine($"{topology.Title}: {Stopwatch.GetElapsedTime(began).TotalMinutes:F1} minutes");
        return results.Print(trials);
    }

    private static async Task TryAsync(Place place, Source source, Results results, int load, int index, int trials)
    {
        var began = Stopwatch.GetTimestamp();
        if (load > 0) results.Expect(_loads[load], source.Name);
        for (var done = 0; done < trials; done += Batch)
        {
            var people = Enumerable.Range(done, Math.Min(Batch, trials - done)).Select(number => place[Subject(load, index, number)]).ToList();
            await source.PrepareAsync(people);
            var open = await Task.WhenAll(people.Select((person, i) => Trial.OpenAsync(place, person, done + i)));
            await source.OpenedAsync(people);
            for (var i = 0; i < open.Length; i++)
            {
                // At any moment of whatever else the nodes do.
                await Task.Delay(Random.Shared.Next(30));
                try
                {
                    var samples = await open[i].RunAsync(source);
                    if (load > 0) results.Add(_loads[load], source.Name, done + i, samples);
                }
                catch (Exception e) when (e is InvalidOperationException or TimeoutException or OperationCanceledException or HttpRequestException)
                {
                    results.Fail(_loads[load], source.Name, done + i, e);
                }
            }
        }
        await Console.Error.WriteLineAsync($"{_loads[load]}, {source.Name}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
    }

    private static string Subject(int load, int source, int number) => $"{load}-{source}-{number}";

    private static IEnumerable<(string, IReadOnlyList<string>)> People(int trials)
    {
        for (var source = 0; source < _sources.Length; source++)
        {
            var groups = _sources[source](null!).Groups;
            for (var load = 0; load < _loads.Length; load++)
                for (var number = 0; number < (load == 0 ? WarmUp : trials); number++) yield return (Subject(load, source, number), groups);
        }
        for (var number = 0; number < Bystanders; number++) yield return ($"bystander-{number}", [Place.Staff]);
    }
}
