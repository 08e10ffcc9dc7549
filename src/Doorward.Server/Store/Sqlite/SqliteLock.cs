using System.Globalization;

namespace Doorward.Server.Store.Sqlite;

/// <summary>
/// The lock file beside a SQLite store. The operating system frees it when its holder dies, however it dies. The process id lies in
/// a file of its own, and only to be told: a locked file cannot be read.
/// </summary>
internal static class SqliteLock
{
    /// <summary>The lock; null where another process holds it.</summary>
    public static FileStream? Take(string storePath)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream file;
        try
        {
            file = new FileStream(storePath + ".lock", options);
        }
        catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            File.WriteAllText(HolderPath(storePath), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Who holds it, as far as it can be told.</summary>
    public static string Holder(string storePath)
    {
        try
        {
            return int.TryParse(File.ReadAllText(HolderPath(storePath)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $"process {pid}" : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static string HolderPath(string storePath) => storePath + ".pid";
}
