using System.Collections;
using Doorward.Policy;
using Doorward.Server.Routes.Building;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>Loads one configuration again and again, and remembers what its files last said.</summary>
/// <param name="path">The main file, as the operator calls it: places carry this name.</param>
/// <param name="environment">Environment variables by name; those that begin with DOORWARD_ count.</param>
internal sealed class ConfigurationLoader(string path, IReadOnlyDictionary<string, string> environment)
{
    private readonly FileMemory _memory = new();
    private IReadOnlyDictionary<string, SharedOptions> _lastGood = new Dictionary<string, SharedOptions>();
    private ConfigurationOptions? _started;

    /// <summary>Objects from elsewhere: the console, Kubernetes. They count after the files'.</summary>
    public IReadOnlyList<ObjectSet> Others { get; set; } = [];

    /// <summary>Loads a configuration once, for a start or a check.</summary>
    /// <returns>The configuration; null where there is any error. Everything that is wrong, warnings too.</returns>
    public static (Configuration? Configuration, IReadOnlyList<Problem> Problems) Load(string path)
    {
        var loaded = new ConfigurationLoader(path, ProcessEnvironment()).Load(new SourceFiles(), previous: null);
        return (loaded.IsSound ? loaded.Configuration : null, loaded.Problems);
    }

    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    /// <summary>Loads.</summary>
    /// <param name="files">One look at the files.</param>
    /// <param name="previous">The configuration in force; null at start.</param>
    public LoadedConfiguration Load(SourceFiles files, Configuration? previous)
    {
        var written = new ConfigurationReader(files, environment, _memory).Read(path, _lastGood);
        _lastGood = written.Files;
        if (written.Main is null) return new(null, written.Problems);
        var sets = written.Files.Values.Select(options => new ObjectSet(ObjectSource.File, options)).Concat(Others).ToList();
        var configuration = new ConfigurationBuilder(previous).Build(written.Main, sets, [.. written.Problems, .. NextStart.Tell(_started, written.Main)]);
        _started ??= configuration.Settings;
        return new(configuration, configuration.Problems);
    }
}

/// <summary>What came of loading.</summary>
/// <param name="Configuration">With errors: a wrong route denies, and of everything else that is wrong the last good stays. Null where not even the main file could ever be read.</param>
/// <param name="Problems">Everything that is wrong, in the order of the files.</param>
internal sealed record LoadedConfiguration(Configuration? Configuration, IReadOnlyList<Problem> Problems)
{
    /// <summary>Whether it is exactly as written.</summary>
    public bool IsSound => Problems.All(problem => problem.Severity != Severity.Error);
}
