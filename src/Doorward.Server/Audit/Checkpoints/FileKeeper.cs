using System.Text;

namespace Doorward.Server.Audit.Checkpoints;

/// <summary>Adds a line to a file: on a file system that only adds (<c>chattr +a</c>), on another machine, on paper.</summary>
internal sealed class FileKeeper(string path) : ICheckpointKeeper
{
    public string Name => $"file {path}";

    public async Task KeepAsync(Checkpoint checkpoint, string line, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        await file.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellation);
        await file.FlushAsync(cancellation);
        Segments.CLibrary.Flush(file.SafeFileHandle, path);
    }
}
