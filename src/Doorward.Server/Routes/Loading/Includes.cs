using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>From the patterns of <c>include</c> to files.</summary>
internal static class Includes
{
    /// <summary>The files, in the order of their names within each pattern, none twice; relative to where the main file is.</summary>
    public static List<string> Expand(ConfigurationOptions main, string mainPath, SourceFiles files, Findings findings)
    {
        var found = new List<string>();
        for (var i = 0; i < main.Include.Count; i++)
        {
            var pattern = main.Include[i];
            var place = main.At(nameof(main.Include), i);
            var folder = Path.Combine(Path.GetDirectoryName(mainPath) ?? "", Path.GetDirectoryName(pattern) ?? "");
            if (folder.AsSpan().ContainsAny('*', '?'))
            {
                findings.Error("DW2012", $"«{pattern}» has a wildcard in a folder's name.", "Use * and ? in the file's name only.", place);
                continue;
            }

            var matches = files.List(Path.GetFullPath(folder.Length == 0 ? "." : folder), Path.GetFileName(pattern));
            if (matches.Count == 0)
                findings.Warn("DW2013", $"No file matches «{pattern}».", "Correct the pattern, or leave it for files to come.", place);
            found.AddRange(matches.Select(name => Path.Combine(folder, name)).Where(path => !found.Contains(path)));
        }

        return found;
    }
}
