using System.Globalization;

namespace Doorward.Server.Audit.Segments;

/// <summary>The names of segment files.</summary>
internal static class SegmentFiles
{
    private const string Extension = ".segment";

    public static string PathOf(string folder, long number) => Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segment files of a folder, oldest first.</summary>
    public static IReadOnlyList<(long Number, string Path)> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(path => (Number: NumberOf(path), Path: path))
            .Where(file => file.Number > 0)
            .OrderBy(file => file.Number)];

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
