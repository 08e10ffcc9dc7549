using Doorward.Demo;

namespace Doorward.EndToEnd.Tests.Demo;

/// <summary>A state folder that is gone after the test.</summary>
internal sealed class TemporaryState : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("doorward-demo-");

    public TemporaryState() => State = StateFolder.Open(_folder.FullName)!;

    public StateFolder State { get; }

    public void Dispose()
    {
        State.Dispose();
        _folder.Delete(recursive: true);
    }
}
