using System.Collections.Concurrent;

namespace Doorward.Server.Routes.Reload;

/// <summary>
/// Tells that files may have changed. Watches the folder of each file and of each symbolic link on the way to it, because a
/// ConfigMap is updated by swapping a link beside the files. Where watching is not possible (no inotify handles left, a network
/// file system), nothing is told: polling finds it later.
/// </summary>
/// <param name="touched">Called after every event, on any thread.</param>
internal sealed class FileWatch(Action touched) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher> _watchers = [];
    private readonly ConcurrentDictionary<string, byte> _replaced = new();
    private Dictionary<string, IReadOnlyList<string>> _ways = [];
    private volatile HashSet<string> _names = [];

    /// <summary>Why a folder cannot be watched; null where all are.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Watches these files and folders, and no others.</summary>
    public void Watch(IEnumerable<string> files, IEnumerable<string> folders)
    {
        _ways = files.Distinct().ToDictionary(file => file, LinkPath.To);
        _names = _ways.Values.SelectMany(way => way).ToHashSet();
        var listed = folders.ToHashSet();
        var wanted = _names.Select(name => Path.GetDirectoryName(name)!).Concat(listed).Where(Directory.Exists).ToHashSet();
        foreach (var gone in _watchers.Keys.Except(wanted).ToList())
        {
            _watchers.Remove(gone, out var watcher);
            watcher!.Dispose();
        }

        foreach (var folder in wanted) Open(folder, listed);
    }

    /// <summary>Whether a file, or a link on the way to it, was put in place by a rename since <see cref="Clear"/>: then nobody is still writing it.</summary>
    public bool WasReplaced(string file)
    {
        var replaced = false;
        foreach (var step in _ways.GetValueOrDefault(file) ?? []) replaced |= _replaced.ContainsKey(step);
        return replaced;
    }

    /// <summary>Forgets the renames seen.</summary>
    public void Clear() => _replaced.Clear();

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values) watcher.Dispose();
        _watchers.Clear();
    }

    private void Open(string folder, HashSet<string> listed)
    {
        if (_watchers.ContainsKey(folder)) return;
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Created += (_, change) => Touch(change.FullPath, listed.Contains(folder));
            watcher.Changed += (_, change) => Touch(change.FullPath, listed.Contains(folder));
            watcher.Deleted += (_, change) => Touch(change.FullPath, listed.Contains(folder));
            watcher.Renamed += (_, change) =>
            {
                if (_names.Contains(change.FullPath)) _replaced[change.FullPath] = 0;
                Touch(change.FullPath, listed.Contains(folder));
                Touch(change.OldFullPath, listed.Contains(folder));
            };
            watcher.Error += (_, _) => touched();
            watcher.EnableRaisingEvents = true;
            _watchers[folder] = watcher;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            watcher?.Dispose();
            Trouble = $"{folder}: {refused.Message}";
        }
    }

    // A folder may hold much that is not ours, such as /tmp.
    private void Touch(string path, bool listed)
    {
        if (listed || _names.Contains(path)) touched();
    }
}
