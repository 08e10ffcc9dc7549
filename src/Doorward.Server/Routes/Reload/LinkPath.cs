namespace Doorward.Server.Routes.Reload;

/// <summary>The names on which the content of a path hangs: the path itself and every symbolic link that is followed on the way.</summary>
internal static class LinkPath
{
    /// <summary>As in Linux: beyond, it is a loop.</summary>
    private const int MaxLinks = 40;

    public static IReadOnlyList<string> To(string path)
    {
        var names = new List<string> { path };
        Follow(path, names, 0);
        return names;
    }

    private static void Follow(string path, List<string> names, int links)
    {
        var root = Path.GetPathRoot(path)!;
        var parts = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        var at = root;
        for (var i = 0; i < parts.Length; i++)
        {
            at = Path.Combine(at, parts[i]);
            if (TargetOf(at) is not { } target || links == MaxLinks) continue;
            if (!names.Contains(at)) names.Add(at);
            var rest = Path.GetFullPath(Path.Combine([Path.GetDirectoryName(at)!, target, .. parts[(i + 1)..]]));
            if (!names.Contains(rest)) names.Add(rest);
            Follow(rest, names, links + 1);
            return;
        }
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
