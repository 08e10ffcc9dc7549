using Doorward.Policy;
using Doorward.Policy.Documents;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>Reads the main file, the environment and the included files into options.</summary>
/// <param name="files">One look at the files.</param>
/// <param name="environment">Environment variables by name; the same in every reading.</param>
/// <param name="memory">What earlier readings made of files that are as they were.</param>
internal sealed class ConfigurationReader(SourceFiles files, IReadOnlyDictionary<string, string> environment, FileMemory memory)
{
    private Findings _findings = new();

    /// <summary>Reads everything; never throws for what is written.</summary>
    /// <param name="path">The main file, as the operator calls it.</param>
    /// <param name="lastGood">What each file last said, by full path: it stands for a file that cannot be believed.</param>
    public WrittenConfiguration Read(string path, IReadOnlyDictionary<string, SharedOptions> lastGood)
    {
        var all = new Dictionary<string, SharedOptions>();
        var main = ReadFile<ConfigurationOptions>(path, node => EnvironmentLayer.Over(node, environment, _findings))
            ?? lastGood.GetValueOrDefault(Path.GetFullPath(path)) as ConfigurationOptions;
        if (main is null) return new(null, all, _findings.All);
        all[Path.GetFullPath(path)] = main;
        foreach (var included in Includes.Expand(main, path, files, _findings))
        {
            var full = Path.GetFullPath(included);
            if ((ReadFile<SharedOptions>(included, node => node) ?? lastGood.GetValueOrDefault(full)) is { } options) all.TryAdd(full, options);
        }

        return new(main, all, _findings.All);
    }

    // A file that says what it said is not read again: with many routes in many files, a change costs what its own file costs.
    private T? ReadFile<T>(string path, Func<MappingNode, MappingNode> prepare)
        where T : SharedOptions
    {
        var full = Path.GetFullPath(path);
        var before = _findings;
        if (memory.Find(full, files) is not { } known)
        {
            _findings = new();
            var asked = files.Asked.Count;
            known = memory.Keep(full, files, asked, ReadAnew<T>(path, prepare), _findings.All);
            _findings = before;
        }

        _findings.AddRange(known.Problems);
        return known.Options as T;
    }

    private T? ReadAnew<T>(string path, Func<MappingNode, MappingNode> prepare)
        where T : SharedOptions
    {
        var full = Path.GetFullPath(path);
        if (!files.TryRead(full, out var text, out var reason))
        {
            Report("DW2008", $"The configuration file «{path}» cannot be read: {reason}.", "Correct the path, or let the server's user read the file.", path);
            return null;
        }

        var mistakes = new List<Problem>();
        var node = DocumentText.Read(text, path, mistakes, SourceFiles.MaxLength);
        _findings.AddRange(mistakes);
        // What stands before a broken place looks whole and is not: nothing about it is worth telling.
        if (!mistakes.TrueForAll(Blame.IsLocal)) return null;
        if (node is null && mistakes.Count == 0)
        {
            // A writer that truncates first leaves the file empty for a moment: that is not a wish for no configuration.
            Report("DW2009", "The file is empty.", "Write the configuration, or remove the file.", path);
            return null;
        }

        if (node is not MappingNode mapping)
        {
            if (mistakes.Count == 0) Report("DW2010", "The file does not begin with a key.", "Write, for example: routes: []", path);
            return null;
        }

        var directory = Path.GetDirectoryName(full)!;
        var read = new SectionReader(files, directory, _findings).Read<T>(prepare(mapping));
        return Blame.IsWhole(read) ? Blame.Apply(read, mistakes) : null;
    }

    private void Report(string id, string message, string cure, string path) =>
        _findings.Error(id, message, cure, new(path, 0, 0));
}
