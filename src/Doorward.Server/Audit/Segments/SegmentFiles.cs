using System.Globalization;

namespace Doorward.Server.Audit.Segments;

/// <summary>A segment on the disk.</summary>
internal sealed record SegmentFile(long Number, string Path);

/// <summary>The names of segment files.</summary>
internal static class SegmentFiles
{
    private const string Extension = ".segment";

    public static string PathOf(string folder, long number) => Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segment files of a folder, oldest first.</summary>
    public static IReadOnlyList<SegmentFile> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(path => new SegmentFile(NumberOf(path), path))
            .Where(file => file.Number > 0)
            .OrderBy(file => file.Number)];

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
