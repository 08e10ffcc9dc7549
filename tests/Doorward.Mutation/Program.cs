using System.Globalization;
using Doorward.Mutation;

if (args is ["cover", _, _])
{
    await Worker.Cover(args[1], args[2]);
    return 0;
}

if (args is ["judge", _, _])
{
    await Worker.Judge(args[1], args[2]);
    return 0;
}

// Usage: Doorward.Mutation PROJECT TESTS [WHICH]: the project's folder, the folder of its built tests; part of a file's name, or a file
// that lists mutants as a former run printed them at its end.
const string Tests = "Doorward.Policy.Tests";
var (project, built, only) = (Path.GetFullPath(args[0]), Path.GetFullPath(args[1]), args.ElementAtOrDefault(2) ?? "");
var listed = File.Exists(only) ? File.ReadLines(only).Select(line => line[..Math.Max(0, line.LastIndexOf(' '))]).ToHashSet() : null;
bool Wanted(Mutant mutant) => listed?.Contains(mutant.ToString()) ?? mutant.File.Contains(only, StringComparison.Ordinal);
var folder = Directory.CreateTempSubdirectory("doorward-mutation-").FullName;
try
{
    foreach (var file in Directory.EnumerateFiles(built, "*.dll")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    var mutants = Build.Run(project, Path.Combine(folder, "Doorward.Policy.dll")).Where(Wanted).ToList();
    var fates = new Judges(folder, Tests).Run(mutants, Environment.ProcessorCount);
    foreach (var (mutant, fate) in fates.Where(one => one.Value is Fate.Survived or Fate.Uncovered).OrderBy(one => one.Key.Id))
        Console.WriteLine($"{mutant} {fate}");
    foreach (var group in fates.GroupBy(one => one.Key.File.Split(Path.DirectorySeparatorChar)[0]).OrderBy(group => group.Key, StringComparer.Ordinal))
        Console.WriteLine($"{group.Key}: {group.Count()} mutants, {group.Count(one => one.Value is Fate.Survived or Fate.Uncovered)} alive");
    int Count(Fate fate) => fates.Values.Count(one => one == fate);
    var killed = Count(Fate.Killed) + Count(Fate.TimedOut);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fates.Count} mutants: {Count(Fate.Killed)} killed, {Count(Fate.TimedOut)} without end, {Count(Fate.Survived)} survived, {Count(Fate.Uncovered)} not reached; score {100.0 * killed / fates.Count:F1} %"));
    return 0;
}
finally
{
    Directory.Delete(folder, true);
}
