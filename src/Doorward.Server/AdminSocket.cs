using System.Text;
using Doorward.Policy;
using Doorward.Server.Routes.Options;
using Doorward.Server.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorward.Server;

/// <summary>
/// The Unix socket of the administration. Only the server's own user may open it, and so needs no secret. A lock beside it keeps a
/// second process from taking it.
/// </summary>
internal sealed class AdminSocket : IAsyncDisposable
{
    /// <summary>sun_path on Linux, less the zero at its end; see unix(7).</summary>
    private const int LongestPath = 107;

    private readonly FileStream _lock;
    private readonly string _path;
    private SideListener? _listener;

    private AdminSocket(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <summary>Beside the SQLite file, or where the system keeps sockets.</summary>
    public static string PathOf(ConfigurationOptions settings) => Path.GetFullPath(settings.Listeners.AdminSocket
        ?? (settings.Store.Sqlite is { } file ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "admin.sock") : "/run/doorward/admin.sock"));

    /// <summary>Takes the path for this process, before anything listens. Null where the problems tell why not.</summary>
    public static AdminSocket? Take(ConfigurationOptions settings, ICollection<Problem> problems)
    {
        var (path, listeners) = (PathOf(settings), settings.Listeners);
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
        {
            problems.Add(ListenProblems.SocketTooLong(path, LongestPath, listeners));
            return null;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (LockFile.Take(path) is { } held) return new(path, held);
            problems.Add(ListenProblems.SocketHeld(path, LockFile.Holder(path), listeners));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(ListenProblems.SocketImpossible(path, failure.Message, listeners));
        }
        return null;
    }

    public async Task ListenAsync(RequestDelegate answer, CancellationToken cancellation)
    {
        // What a killed process left behind: the lock says that nobody listens there any more.
        File.Delete(_path);
        _listener = await SideListener.StartAsync(kestrel => kestrel.ListenUnixSocket(_path, listen => listen.Protocols = HttpProtocols.Http1), answer, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        await _lock.DisposeAsync();
    }
}
