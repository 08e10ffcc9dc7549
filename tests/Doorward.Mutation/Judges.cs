using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Doorward.Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    Killed,
    TimedOut,
    Survived,
    Uncovered,
}

/// <summary>Runs the tests against every mutant, in processes of their own.</summary>
internal sealed class Judges(string folder, string assembly)
{
    /// <summary>A mutant whose tests take this much longer than they do without it goes round in circles.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private sealed record Covered(int Number, long Milliseconds, string Name, HashSet<int> Bodies);

    public IReadOnlyDictionary<Mutant, Fate> Run(IReadOnlyList<Mutant> mutants, int processes)
    {
        var tests = Coverage();
        Console.WriteLine($"{tests.Count} tests, {tests.Sum(test => test.Milliseconds)} ms; {mutants.Count} mutants");
        foreach (var slow in tests.OrderByDescending(test => test.Milliseconds).Take(5)) Console.WriteLine($"{slow.Milliseconds} ms {slow.Name}");
        var fates = new ConcurrentDictionary<Mutant, Fate>();
        var work = new ConcurrentQueue<(Mutant Mutant, string Tests)>();
        foreach (var mutant in mutants)
        {
            var covering = tests.Where(test => mutant.Body == 0 || test.Bodies.Contains(mutant.Body)).OrderBy(test => test.Milliseconds).Select(test => test.Number).ToList();
            if (covering.Count == 0) fates[mutant] = Fate.Uncovered;
            else work.Enqueue((mutant, string.Join(',', covering)));
        }

        Task.WaitAll([.. Enumerable.Range(0, processes).Select(_ => Task.Run(() => Drain(work, fates)))]);
        return fates;
    }

    private List<Covered> Coverage()
    {
        using var worker = Start("cover", null);
        var tests = new List<Covered>();
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            if (parts[2] == "passed")
                tests.Add(new(int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[3], [.. parts[4].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]));
        }

        return tests;
    }

    private void Drain(ConcurrentQueue<(Mutant Mutant, string Tests)> work, ConcurrentDictionary<Mutant, Fate> fates)
    {
        Process? worker = null;
        while (work.TryDequeue(out var next))
        {
            // What is outside of bodies is at work from the first line on: a process for each.
            var alone = next.Mutant.Body == 0;
            using var fresh = alone ? Start("judge", next.Mutant.Id) : null;
            var judge = fresh ?? (worker ??= Start("judge", null));
            var answer = Ask(judge, $"{next.Mutant.Id} {next.Tests}");
            fates[next.Mutant] = answer is null ? Fate.TimedOut : answer.EndsWith(" -", StringComparison.Ordinal) ? Fate.Survived : Fate.Killed;
            if (fates[next.Mutant] != Fate.Killed) Console.WriteLine($"{fates[next.Mutant]}: {next.Mutant}");
            if (answer is null && !alone) worker = null;
            if (answer is null || alone) judge.Kill();
            if (fates.Count % 200 == 0) Console.WriteLine($"{fates.Count} judged, {fates.Values.Count(fate => fate is Fate.Survived or Fate.Uncovered)} alive");
        }

        worker?.Kill();
    }

    /// <summary>The answer; null where there is none: it goes round in circles, or has taken the process with it.</summary>
    private static string? Ask(Process judge, string question)
    {
        judge.StandardInput.WriteLine(question);
        var answer = judge.StandardOutput.ReadLineAsync();
        return answer.Wait(_patience) ? answer.Result : null;
    }

    private Process Start(string command, int? mutant)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [command, folder, assembly]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = command == "judge" };
        start.Environment["TEST_MUTANT"] = mutant?.ToString(CultureInfo.InvariantCulture);
        start.Environment["DOTNET_TieredPGO"] = "0";
        var process = Process.Start(start)!;
        if (command == "judge") process.BeginErrorReadLine();
        return process;
    }
}
