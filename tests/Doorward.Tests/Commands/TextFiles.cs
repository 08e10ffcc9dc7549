namespace Doorward.Tests.Commands;

/// <summary>Files that are gone after the test.</summary>
internal sealed class TextFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doorward-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
