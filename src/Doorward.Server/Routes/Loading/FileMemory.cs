using Doorward.Policy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Routes.Reading;

namespace Doorward.Server.Routes.Loading;

/// <summary>What was made of each file, as long as it and the files that it names say what they said.</summary>
internal sealed class FileMemory
{
    private readonly Dictionary<string, Known> _known = [];

    /// <summary>Null where it must be read anew.</summary>
    public Known? Find(string path, SourceFiles files) =>
        _known.TryGetValue(path, out var known) && known.From.All(file => Same(files.BytesOf(file.Path), file.Bytes)) ? known : null;

    /// <summary>Remembers what was made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">The look at the files that it was made from.</param>
    /// <param name="asked">How many files had been asked for before.</param>
    /// <param name="options">What it says; null where it cannot be believed.</param>
    /// <param name="problems">What is wrong with it.</param>
    public Known Keep(string path, SourceFiles files, int asked, SharedOptions? options, IReadOnlyList<Problem> problems)
    {
        var known = new Known([.. files.Asked.Skip(asked).Distinct().Select(file => (file, files.BytesOf(file)))], options, problems);
        _known[path] = known;
        return known;
    }

    private static bool Same(byte[]? one, byte[]? another) => one is null ? another is null : another is not null && one.AsSpan().SequenceEqual(another);

    internal sealed record Known(IReadOnlyList<(string Path, byte[]? Bytes)> From, SharedOptions? Options, IReadOnlyList<Problem> Problems);
}
