namespace Doorward.Tests.Commands;

/// <summary>Files that are gone after the test.</summary>
internal sealed class TextFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("doorward-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
