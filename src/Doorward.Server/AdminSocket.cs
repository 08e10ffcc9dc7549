using Doorward.Server.Routes.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Doorward.Server;

/// <summary>The Unix socket of the administration. Only the server's own user may open it, and so needs no secret.</summary>
internal static class AdminSocket
{
    /// <summary>Beside the SQLite file, or where the system keeps sockets.</summary>
    public static string PathOf(ConfigurationOptions settings) => settings.Listeners.AdminSocket
        ?? (settings.Store.Sqlite is { } file ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "admin.sock") : "/run/doorward/admin.sock");

    public static async Task<SideListener> StartAsync(string path, RequestDelegate answer, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A socket that a killed process left behind: its store's lock says that nobody listens there any more.
        File.Delete(path);
        var listener = await SideListener.StartAsync(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1), answer, cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return listener;
    }
}
