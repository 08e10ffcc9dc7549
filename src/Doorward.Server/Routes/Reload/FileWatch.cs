using System.Collections.Concurrent;
using System.IO.Enumeration;

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
    private readonly ConcurrentDictionary<string, long> _renamed = new();
    private readonly ConcurrentDictionary<string, byte> _gone = new();
    private Dictionary<string, IReadOnlyList<string>> _ways = [];
    private volatile HashSet<string> _names = [];
    private volatile ILookup<string, string> _patterns = Array.Empty<string>().ToLookup(folder => folder);
    private long _renames;

    /// <summary>Why a folder cannot be watched; null where all are.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Watches these files, and in these folders what matches a pattern, and nothing else.</summary>
    /// <returns>Whether all of it was watched already: then nothing was missed that came before this call.</returns>
    public bool Watch(IReadOnlyCollection<string> files, IReadOnlyCollection<(string Folder, string Pattern)> listings)
    {
        _ways = files.Distinct().ToDictionary(file => file, LinkPath.To);
        var names = _ways.Values.SelectMany(way => way).ToHashSet();
        var known = names.IsSubsetOf(_names) && listings.All(listing => _patterns[listing.Folder].Contains(listing.Pattern));
        _names = names;
        _patterns = listings.ToLookup(listing => listing.Folder, listing => listing.Pattern);
        var wanted = _names.Select(name => Path.GetDirectoryName(name)!).Concat(_patterns.Select(listed => listed.Key)).Where(Directory.Exists).ToHashSet();
        var (opened, closed) = (wanted.Except(_watchers.Keys).ToList(), _watchers.Keys.Except(wanted).ToList());
        // With what they would still have told.
        foreach (var folder in closed)
        {
            _watchers.Remove(folder, out var watcher);
            watcher!.Dispose();
        }

        foreach (var folder in opened) Open(folder);
        foreach (var name in _names.Where(name => !Path.Exists(name))) _gone[name] = 0;
        return known && closed.Count + opened.Count == 0;
    }

    /// <summary>What was put in place by a rename and is not forgotten yet: to be asked for before the files are read, so that what comes meanwhile counts for the next time.</summary>
    public IReadOnlyDictionary<string, long> Renamed() => new Dictionary<string, long>(_renamed);

    /// <summary>Whether a file, or a link on the way to it, is among these: then nobody is still writing it.</summary>
    public bool WasReplaced(string file, IReadOnlyDictionary<string, long> renamed) => (_ways.GetValueOrDefault(file) ?? []).Any(renamed.ContainsKey);

    /// <summary>Forgets these renames, and none that came after them.</summary>
    public void Forget(IReadOnlyDictionary<string, long> renamed)
    {
        foreach (var rename in renamed) _renamed.TryRemove(rename);
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values) watcher.Dispose();
        _watchers.Clear();
    }

    private void Open(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Created += (_, change) => Appeared(change.FullPath, byRename: false);
            watcher.Changed += (_, change) => Touch(change.FullPath);
            watcher.Deleted += (_, change) => Disappeared(change.FullPath);
            watcher.Renamed += (_, change) =>
            {
                Appeared(change.FullPath, byRename: true);
                Disappeared(change.OldFullPath);
            };
            watcher.Error += (_, _) => Missed(folder);
            watcher.EnableRaisingEvents = true;
            _watchers[folder] = watcher;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            watcher?.Dispose();
            Trouble = $"{folder}: {refused.Message}";
        }
    }

    // The system tells of a rename in two halves. Where something else happened between them, or the file came from another folder, only
    // «created» arrives; but what had not gone can only have been put there by a rename.
    private void Appeared(string path, bool byRename)
    {
        if (_names.Contains(path) && (!_gone.TryRemove(path, out _) || byRename)) _renamed[path] = Interlocked.Increment(ref _renames);
        Touch(path);
    }

    private void Disappeared(string path)
    {
        if (_names.Contains(path)) _gone[path] = 0;
        Touch(path);
    }

    // Events were lost: what was deleted and is being written anew would pass for renamed.
    private void Missed(string folder)
    {
        foreach (var name in _names.Where(name => Path.GetDirectoryName(name) == folder))
        {
            _gone[name] = 0;
            _renamed.TryRemove(name, out _);
        }
        touched();
    }

    // A folder may hold much that is not ours, such as /tmp, or a store that writes all the time.
    private void Touch(string path)
    {
        if (_names.Contains(path) || IsListed(path)) touched();
    }

    // Without regard to case: it may wake once too often, and never once too seldom.
    private bool IsListed(string path) =>
        _patterns[Path.GetDirectoryName(path)!].Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path.AsSpan())));
}
