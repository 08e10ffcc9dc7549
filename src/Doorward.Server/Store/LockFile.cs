using System.Globalization;

namespace Doorward.Server.Store;

/// <summary>
/// The lock file beside what only one process may have: a SQLite store, a Unix socket. The operating system frees it when its holder
/// dies, however it dies. The process id lies in a file of its own, and only to be told: a locked file cannot be read.
/// </summary>
internal static class LockFile
{
    /// <summary>The lock; null where another process holds it.</summary>
    public static FileStream? Take(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream file;
        try
        {
            file = new FileStream(path + ".lock", options);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            File.WriteAllText(HolderPath(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Who holds it, as far as it can be told.</summary>
    public static string Holder(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderPath(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $"process {pid}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static string HolderPath(string path) => path + ".pid";
}
