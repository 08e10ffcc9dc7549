using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Doorward.Server.Routes.Reading;

/// <summary>
/// One look at the files of a configuration: each is read once, so that everything made from them is made from the same
/// bytes; and all of them are remembered, so that they can be watched.
/// </summary>
internal sealed class SourceFiles
{
    /// <summary>64 MiB: far above a hundred thousand routes, far below what would endanger the process.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, (byte[]? Bytes, string Reason)> _read = [];
    private readonly Dictionary<(string Folder, string Pattern), IReadOnlyList<string>> _listed = [];
    private readonly List<string> _asked = [];

    /// <summary>Every file asked for, whether it could be read or not.</summary>
    public IReadOnlyCollection<string> Paths => _read.Keys;

    /// <summary>Every pattern asked for, with the names that matched.</summary>
    public IReadOnlyDictionary<(string Folder, string Pattern), IReadOnlyList<string>> Listings => _listed;

    /// <summary>Each time that a file was asked for by its text, in order: what a document was made from.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>The bytes of a file; null where it cannot be read.</summary>
    public byte[]? BytesOf(string path)
    {
        if (!_read.TryGetValue(path, out var file)) _read[path] = file = Open(path);
        return file.Bytes;
    }

    /// <summary>A new look at the same files and folders, and at files that are new in these.</summary>
    public SourceFiles Again()
    {
        var again = new SourceFiles();
        foreach (var path in _read.Keys) again._read[path] = Open(path);
        foreach (var (folder, pattern) in _listed.Keys)
            foreach (var name in again.List(folder, pattern)) again._read.TryAdd(Path.Combine(folder, name), Open(Path.Combine(folder, name)));
        return again;
    }

    /// <summary>The files whose content is not what another look saw.</summary>
    public IReadOnlyList<string> ChangedSince(SourceFiles other) =>
        [.. _read.Where(file => !other._read.TryGetValue(file.Key, out var before) || !Same(file.Value.Bytes, before.Bytes)).Select(file => file.Key)];

    /// <summary>Whether a folder lists other files than another look saw.</summary>
    public bool ListsOtherThan(SourceFiles other) =>
        _listed.Any(list => !other._listed.TryGetValue(list.Key, out var before) || !before.SequenceEqual(list.Value));

    /// <summary>Reads a file, or remembers it.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="text">Its text.</param>
    /// <param name="reason">Why it cannot be read, to stand after «because».</param>
    public bool TryRead(string path, [NotNullWhen(true)] out string? text, out string reason)
    {
        _asked.Add(path);
        if (!_read.TryGetValue(path, out var file)) _read[path] = file = Open(path);
        (text, reason) = (null, file.Reason);
        if (file.Bytes is null) return false;
        try
        {
            text = StrictUtf8.GetString(file.Bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            reason = "it is not UTF-8 text";
            return false;
        }
    }

    /// <summary>The names of the files in a folder that match a pattern with * and ?, in order; hidden ones apart. Empty where the folder cannot be read.</summary>
    public IReadOnlyList<string> List(string folder, string pattern)
    {
        if (!_listed.TryGetValue((folder, pattern), out var names)) _listed[(folder, pattern)] = names = Names(folder, pattern);
        return names;
    }

    private static bool Same(byte[]? one, byte[]? another) => one is null ? another is null : another is not null && one.AsSpan().SequenceEqual(another);

    private static string[] Names(string folder, string pattern)
    {
        try
        {
            var found = Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { MatchType = MatchType.Simple, AttributesToSkip = 0 });
            return [.. found.Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static (byte[]? Bytes, string Reason) Open(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MaxLength) return (null, "it is larger than 64 MiB");
            return (File.ReadAllBytes(path), "");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return (null, Directory.Exists(path) ? "it is a directory" : "this user may not read it");
        }
        catch (IOException failure)
        {
            return (null, failure.Message.TrimEnd('.'));
        }
    }
}
